/** Draws the basemap: land and sea, borders, and the labels of places. */

import {readRing, mercatorX, mercatorY} from './data.js';
import {place} from './labels.js';

const SCRIPTS = {ar: /\p{Script=Arabic}/u, he: /\p{Script=Hebrew}/u, uk: /\p{Script=Cyrillic}/u};

/** A town has its name in the reader's script first, a country in the reader's language. */
function inLanguage(language, codes) {
    const script = SCRIPTS[language.split('-')[0]];
    const names = new Intl.DisplayNames(language, {type: 'region'});
    return ({kind, name, native}) => {
        if (kind === 'country' && codes.has(name) && !language.startsWith('en')) return {name: names.of(codes.get(name))};
        return script?.test(native) ? {name: native, native: name} : {};
    };
}

/**
 * Prepare what geomap/draw/webmap.py wrote of the basemap.
 * @param {{sheets: Array, labels: Array}} written as in geomap/draw/basemap.py
 * @param {string} language of the page
 */
export function readBase({sheets, labels}, language = 'en') {
    const words = inLanguage(language, new Map(sheets[0].land.flatMap(({iso, name}) => iso ? [[name, iso]] : [])));
    const natives = new Map(labels.flatMap(([kind, name, native]) => kind === 'town' && native ? [[name, native]] : []));
    return {
        natives,
        sheets: sheets.map(({box, scale, land, lines = []}) => ({
            lines: lines.map((steps) => withBox(readRing(steps, scale))),
            box: box && readRing([box[0], box[3], box[2] - box[0], box[1] - box[3]], 1),
            land: land.map(({iso, rings}) => ({iso, rings: rings.map((steps) => withBox(readRing(steps, scale)))})),
        })),
        labels: labels.map(([kind, name, native, lon, lat, size]) =>
            ({kind, name, native, size, x: mercatorX(lon), y: mercatorY(lat), ...words({kind, name, native})})),
    };
}

function withBox(ring) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < ring.length; k += 2) {
        box[0] = Math.min(box[0], ring[k]);
        box[1] = Math.min(box[1], ring[k + 1]);
        box[2] = Math.max(box[2], ring[k]);
        box[3] = Math.max(box[3], ring[k + 1]);
    }
    return {ring, box};
}

/**
 * Draw land and borders, the world first and the sharper sheets over it.
 * @param {CanvasRenderingContext2D} ink
 * @param {Object} view as in layers.js
 * @param {Object} base from readBase
 * @param {Object} theme colours
 * @param {Set<string>} focus countries that the incidents lie in
 */
export function drawBase(ink, view, base, theme, focus) {
    const {scale, left, top} = view;
    ink.lineJoin = 'round';
    ink.lineWidth = view.zoom < 4 ? 0.5 : 0.8;
    ink.strokeStyle = theme.border;
    for (const {box, land, lines} of base.sheets) {
        if (box && !isSeen(box, view)) continue;
        ink.save();
        if (box) {
            // Whole pixels inside the box: half ones would show its edge as a line.
            const [x, y] = [Math.ceil(box[0] * scale - left), Math.ceil(box[1] * scale - top)];
            ink.beginPath();
            ink.rect(x, y, Math.floor(box[2] * scale - left) - x, Math.floor(box[3] * scale - top) - y);
            ink.clip();
            ink.fillStyle = theme.water;
            ink.fill();
        }
        for (const {iso, rings} of land) {
            const near = rings.filter((ring) => isSeen(ring.box, view) && isLarge(ring.box, scale));
            if (!near.length) continue;
            ink.fillStyle = focus.has(iso) ? theme.focus : theme.land;
            ink.beginPath();
            near.forEach(({ring}) => trace(ink, view, ring, null));
            ink.fill('evenodd');
            ink.beginPath();
            near.forEach(({ring}) => trace(ink, view, ring, box));
            ink.stroke();
        }
        drawLines(ink, view, lines.filter((line) => isSeen(line.box, view)), theme);
        ink.restore();
    }
}

/** Lines of ceasefire and control are dashed: they are no agreed borders. */
function drawLines(ink, view, lines, theme) {
    if (!lines.length) return;
    const width = ink.lineWidth;
    ink.beginPath();
    lines.forEach(({ring}) => trace(ink, view, ring, null));
    ink.lineWidth = width + 1.2;
    ink.strokeStyle = theme.land;
    ink.stroke();
    ink.lineWidth = width + 0.3;
    ink.strokeStyle = theme.border;
    ink.setLineDash([5, 3]);
    ink.stroke();
    ink.setLineDash([]);
    ink.lineWidth = width;
}

const isSeen = ([w, n, e, s], {scale, left, top, width, height}) =>
    e * scale > left && w * scale < left + width && s * scale > top && n * scale < top + height;

const isLarge = ([w, n, e, s], scale) => (e - w) * scale > 0.7 || (s - n) * scale > 0.7;

/** Follow a ring; along the edge of its sheet lift the pen, since that is no border. */
function trace(ink, {scale, left, top}, ring, edge) {
    let px = Infinity;
    let py = Infinity;
    for (let k = 0; k < ring.length; k += 2) {
        const x = ring[k] * scale - left;
        const y = ring[k + 1] * scale - top;
        // A step that nobody can see costs as much as one that everybody sees.
        if (k && k < ring.length - 2 && Math.abs(x - px) + Math.abs(y - py) < 0.7) continue;
        if (!k || (edge && isAlong(edge, ring, k))) ink.moveTo(x, y);
        else ink.lineTo(x, y);
        px = x;
        py = y;
    }
}

function isAlong(edge, ring, k) {
    const near = (a, b) => Math.abs(a - b) < 2e-6;
    return edge.some((line, side) => near(ring[k + side % 2], line) && near(ring[k - 2 + side % 2], line));
}

const STYLES = {
    country: {font: '600 11px', spacing: '0.18em', upper: true, colour: 'country', room: 70},
    sea: {font: 'italic 12px', spacing: '0.12em', colour: 'sea', room: 110},
    town: {font: '11px', spacing: '0px', colour: 'town'},
};

/** Meters of the world's width at the equator. */
const EQUATOR = 40075017;

/** From this zoom on, towns have their names in two scripts. */
export const TWO_SCRIPTS = 10;

/** About how many pixels an area is wide. */
const widthOf = ({size, y}, scale) => Math.sqrt(size * 1e7) / EQUATOR * Math.cosh((0.5 - y) * 2 * Math.PI) * scale;

/** Whether a label belongs to a zoom: an area when it is wide enough, a town by its people. */
const isDue = (label, {zoom, scale}) => label.kind === 'town'
    ? label.size >= 2.5e6 / 2.6 ** (zoom - 4.5) : widthOf(label, scale) > STYLES[label.kind].room;

/** Where in an area its name may stand, in parts of its width; the middle is best. */
const WITHIN = [[0, 0], [0, -0.12], [0, 0.12], [-0.15, 0], [0.15, 0], [-0.15, -0.12], [0.15, 0.12]];

/**
 * Draw labels where they are in nobody's way.
 * @param {import('./labels.js').Taken} symbols boxes of symbols
 * @param {import('./labels.js').Taken} texts boxes of texts; the labels are added
 * @param {import('./labels.js').Taken} towns boxes round what has its name already; the towns are added
 */
export function drawLabels(ink, view, base, theme, symbols, texts, towns) {
    ink.textBaseline = 'middle';
    ink.textAlign = 'start';
    ink.lineJoin = 'round';
    for (const label of base.labels) {
        const x = label.x * view.scale - view.left;
        const y = label.y * view.scale - view.top;
        if (x < -40 || y < 0 || x > view.width || y > view.height || !isDue(label, view)) continue;
        const town = label.kind === 'town';
        const dot = [x - 3, y - 3, x + 3, y + 3];
        // Towns come by size: a suburb gives way to its city.
        const around = [x - 22, y - 16, x + 22, y + 16];
        if (town && !(texts.isFree(dot) && towns.isFree(around))) continue;
        const style = STYLES[label.kind];
        ink.font = `${style.font} ${theme.font}`;
        ink.letterSpacing = style.spacing;
        const text = style.upper ? label.name.toUpperCase() : label.name;
        const second = view.zoom >= TWO_SCRIPTS && town && label.native !== label.name ? label.native : '';
        const width = Math.max(ink.measureText(text).width, second ? ink.measureText(second).width : 0);
        const bare = symbols.isFree(dot);
        const height = second ? 28 : 14;
        const room = widthOf(label, view.scale);
        // A town under a symbol keeps its name, beside the symbol.
        const spots = town ? (bare ? [6] : [12, 22]).map((gap) => ({x, y, gap}))
            : WITHIN.map(([dx, dy]) => ({x: x + dx * room, y: y + dy * room, gap: 0}));
        const at = spots.reduce((found, spot) => found ?? place([symbols, texts], {...spot, width, height}), null);
        if (!at) continue;
        if (town) towns.add(dot);
        if (town && bare) {
            ink.beginPath();
            ink.arc(x, y, 1.8, 0, 7);
            ink.fillStyle = theme.soft;
            ink.fill();
            texts.add(dot);
        }
        write(ink, text, at.x, second ? at.y - 7 : at.y, theme[style.colour], label.kind === 'sea' ? null : theme.land);
        if (second) write(ink, second, at.x, at.y + 7, theme.soft, theme.land);
    }
    ink.letterSpacing = '0px';
}

/** Write text with a halo, if it has one. */
export function write(ink, text, x, y, colour, halo, width = 3) {
    if (halo) {
        ink.strokeStyle = halo;
        ink.lineWidth = width;
        ink.strokeText(text, x, y);
    }
    ink.fillStyle = colour;
    ink.fillText(text, x, y);
}
