/** Compares two days: what is new, what is gone, what is on both. Knows neither DOM nor Leaflet. */

import {CORRECTION} from './select.js';

/** What a mark says of an incident; counts have the corrected besides, which are new or still there. */
export const NEW = 0;
export const GONE = 1;
export const STILL = 2;
export const CHANGED = 3;

/**
 * Compare what is shown with another day.
 * Two incidents are the same if they are told as one event, or have place and type in common.
 * @param {import('./data.js').Data} data
 * @param {ArrayLike<number>} shown numbers of the incidents of the chosen day
 * @param {ArrayLike<number>} other numbers of those of the other day
 * @returns {{drawn: Uint32Array, marks: Uint8Array, counts: number[]}} what to draw, the gone at the
 *     end; a mark for every incident; how many are new, gone, still there, corrected
 */
export function compare({n, columns}, shown, other) {
    const keys = (i) => [`${columns.place[i]} ${columns.type[i]}`, ...columns.event ? [`e${columns.event[i]}`] : []];
    const here = new Set(Array.from(shown).flatMap(keys));
    const there = new Set(Array.from(other).flatMap(keys));
    const marks = new Uint8Array(n);
    const counts = [0, 0, 0, 0];
    for (const i of shown) counts[marks[i] = keys(i).some((key) => there.has(key)) ? STILL : NEW]++;
    const gone = Array.from(other).filter((i) => !keys(i).some((key) => here.has(key)));
    for (const i of gone) marks[i] = GONE;
    counts[GONE] = gone.length;
    counts[CHANGED] = Array.from(shown).filter((i) => columns.told?.[i] === CORRECTION).length;
    return {drawn: Uint32Array.from([...shown, ...gone]), marks, counts};
}
