/** Names of the places where incidents lie, beside their symbols. */

import {place} from './labels.js';
import {write, TWO_SCRIPTS} from './base.js';

/** A donut of many places names those that make up a part of it, and two at most. */
const NAMES_A_NODE = 2;
const PART = 1 / 6;
const LETTERS = 40;

/**
 * Write place names where they are in nobody's way, those of many incidents first.
 * @param {import('./cluster.js').Node[]} nodes the largest first
 * @param {Array[]} places of the data's head
 * @param {Object|null} base from readBase, for the names in a place's own script
 * @param {import('./labels.js').Taken} symbols boxes of symbols
 * @param {import('./labels.js').Taken} texts boxes of texts; the names are added
 * @param {import('./labels.js').Taken} towns boxes round what has its name already; the nodes are added
 */
export function drawNames(ink, {zoom, screen}, nodes, places, base, theme, symbols, texts, towns) {
    ink.font = `500 11px ${theme.font}`;
    ink.textBaseline = 'middle';
    ink.textAlign = 'start';
    ink.lineJoin = 'round';
    for (const {x, y, r, n, at, room = r + 4} of nodes) {
        const known = at.filter(([k, count]) => places[k][0] && count >= n * PART).sort((a, b) => b[1] - a[1]).slice(0, NAMES_A_NODE);
        for (const [k] of known) {
            const letters = Array.from(places[k][0]);
            const text = letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join('')}…` : letters.join('');
            const second = zoom >= TWO_SCRIPTS && base?.natives.get(text) || '';
            const width = Math.max(ink.measureText(text).width, ink.measureText(second).width);
            const spot = place([symbols, texts], {x, y, width, height: second ? 28 : 14, gap: room}, screen);
            if (!spot) continue;
            write(ink, text, spot.x, second ? spot.y - 7 : spot.y, theme.ink, theme.land);
            if (second) write(ink, second, spot.x, spot.y + 7, theme.soft, theme.land);
            towns.add([x - r, y - r, x + r, y + r]);
        }
    }
}
