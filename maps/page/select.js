/** Decides what shows. Knows neither the DOM nor Leaflet. */

import {NEVER} from './data.js';

/**
 * @typedef {Object} Choice what the reader chose
 * @property {number} since first day, counted from the data's first day
 * @property {number} until last day, included
 * @property {boolean} undated whether incidents without a day belong to the period
 * @property {Set<number>} types shown types
 * @property {'all'|'place'|'confirmed'} certainty
 * @property {string} actor name of who takes part; "" for anyone
 * @property {boolean} background whether past events told as context show
 * @property {Uint8Array|null} match 1 for incidents that the search found; null without a search
 */

/**
 * @typedef {Object} Selection
 * @property {Uint32Array} shown numbers of the incidents that pass every filter
 * @property {Uint32Array} types for each type, how many pass every other filter
 * @property {Uint32Array[]} days for each day of the period, how many of each type pass every other filter
 * @property {number} background how many past events pass every other filter
 * @property {number} unplaced how many of the shown have no place on the map
 */

/** Bits of the column `flags`. */
export const geoPrecision = (flags) => flags & 7;
export const isBackground = (flags) => (flags >> 3 & 1) === 1;
export const modality = (flags) => flags >> 4 & 7;

/** Radius in km from which a place with an outline, or without one, is no point any more. */
const OUTLINED = 5;
const WIDE = 60;

/** Whether an incident is known to a region only: it is drawn as an area, never as a pin. */
export const isRegion = ({flags, radius, area}, i) =>
    geoPrecision(flags[i]) >= 3 || radius[i] > (area[i] ? OUTLINED : WIDE);

/** How a mention stands to others of its event; see geomap/draw/columns.py. */
export const SUPERSEDED = 1;
export const CORRECTION = 2;

const ASSERTED = 0;

/**
 * Select the incidents to show, and count what each filter would show without itself.
 * An event that is told several times counts once, by its surest mention that passes; what a later
 * bulletin told otherwise does not count.
 * @param {import('./data.js').Data} data
 * @param {Choice} choice
 * @returns {Selection}
 */
export function select({head, n, columns, x}, choice) {
    const {day, days, type, flags, event, told: state} = columns;
    const {since, until, undated, certainty, match} = choice;
    const [first, last] = head.period;
    const on = Uint8Array.from(head.types, (_, k) => choice.types.has(k));
    const involved = choice.actor ? head.actors.map((names) => names.includes(choice.actor)) : null;
    const told = event ? new Uint8Array(head.events) : null;
    const shown = new Uint32Array(n);
    const types = new Uint32Array(head.types.length);
    const bars = Array.from({length: last - first + 1}, () => new Uint32Array(head.types.length));
    let count = 0;
    let background = 0;
    let unplaced = 0;
    for (let i = 0; i < n; i++) {
        if (match && !match[i]) continue;
        if (state[i] === SUPERSEDED) continue;
        if (involved && !involved[columns.actors[i]]) continue;
        const flag = flags[i];
        if (certainty !== 'all' && !isCertain(columns, i, certainty)) continue;
        const from = day[i];
        const inPeriod = from === NEVER ? undated : from <= until && from + days[i] >= since;
        const past = isBackground(flag);
        if (past) {
            if (inPeriod && on[type[i]]) background++;
            if (!choice.background) continue;
        }
        if (told) {
            if (told[event[i]]) continue;
            told[event[i]] = 1;
        }
        if (inPeriod) types[type[i]]++;
        if (!on[type[i]]) continue;
        // A month or a year is no day's news: it shows, but raises no bar.
        if (days[i] < 7 && from >= first && from <= last) bars[from - first][type[i]]++;
        if (!inPeriod) continue;
        shown[count++] = i;
        if (x[i] !== x[i]) unplaced++;
    }
    return {shown: shown.subarray(0, count), types, days: bars, background, unplaced};
}

function isCertain(columns, i, certainty) {
    if (certainty === 'confirmed') return modality(columns.flags[i]) === ASSERTED;
    return geoPrecision(columns.flags[i]) > 0 && !isRegion(columns, i);
}

/** Fold text for search: case, diacritics, Arabic and Hebrew marks and letter forms. */
export function fold(text) {
    return text.normalize('NFKD').replace(/[\p{M}\u0640\u2019'`ʿʾ]/gu, '').toLowerCase()
        .replace(/[أإآٱ]/g, 'ا').replace(/ى/g, 'ي').replace(/ة/g, 'ه')
        .replace(/[ךםןףץ]/g, (c) => 'כמנפצ'['ךםןףץ'.indexOf(c)])
        .replace(/[-\u2010-\u2015\s]+/g, ' ');
}

/** Who takes part, with the number of incidents, the most frequent first. */
export function actors({head, columns}) {
    const counts = new Map();
    for (const set of columns.actors) for (const name of head.actors[set]) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
