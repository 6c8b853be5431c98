/** Names of the places where incidents lie, beside their symbols. */

import {place} from './labels.js';
import {write} from './base.js';

/** A donut of many places names those that make up a part of it, and two at most. */
const NAMES_A_NODE = 2;
const PART = 1 / 6;
const LETTERS = 40;

/**
 * Write place names where they are in nobody's way, those of many incidents first.
 * @param {import('./cluster.js').Node[]} nodes the largest first
 * @param {Array[]} places of the data's head
 * @param {import('./labels.js').Taken} symbols boxes of symbols
 * @param {import('./labels.js').Taken} texts boxes of texts; the names are added
 * @param {import('./labels.js').Taken} towns boxes round what has its name already; the nodes are added
 */
export function drawNames(ink, nodes, places, theme, symbols, texts, towns) {
    ink.font = `500 11px ${theme.font}`;
    ink.textBaseline = 'middle';
    ink.textAlign = 'start';
    ink.lineJoin = 'round';
    for (const {x, y, r, n, at} of nodes) {
        const known = at.filter(([k, count]) => places[k][0] && count >= n * PART).sort((a, b) => b[1] - a[1]).slice(0, NAMES_A_NODE);
        for (const [k] of known) {
            const letters = Array.from(places[k][0]);
            const text = letters.length > LETTERS ? `${letters.slice(0, LETTERS - 1).join('')}…` : letters.join('');
            const spot = place([symbols, texts], {x, y, width: ink.measureText(text).width, height: 14, gap: r + 4});
            if (!spot) continue;
            write(ink, text, spot.x, spot.y, theme.ink, theme.land);
            towns.add([x - r, y - r, x + r, y + r]);
        }
    }
}
