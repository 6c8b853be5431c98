/** Draws incidents on a canvas: symbols, donuts, areas, arcs and what is selected. */

import {stamps, drawSymbol} from './stamps.js';
import {newArea, outlineArea, isSmall, paintArea, captionArea, radiusInPixels} from './areas.js';
import {cluster} from './cluster.js';
import {Taken} from './labels.js';
import {drawLabels} from './base.js';
import {drawNames} from './names.js';
import {mercatorX, mercatorY} from './data.js';
import {isRegion, modality, CORRECTION} from './select.js';
import {NEW, GONE, STILL} from './compare.js';

const DENIED = 2;
const MANY_ARCS = 60;
/** Radius of the ring round the selected one. */
const RING = 14;

/** Radius of a single symbol. */
const symbolRadius = (zoom) => zoom < 10 ? 5.5 : zoom < 13 ? 6.5 : 7.5;

/**
 * What the canvas shows of a selection: points go to symbols, areas to outlines with a count.
 * @typedef {Object} Scene
 * @property {Uint32Array} points
 * @property {Area[]} areas
 * @property {Arc[]} arcs
 */

/**
 * Sort a selection into points, areas and arcs.
 * @returns {Scene}
 */
export function compose(data, shown) {
    const {columns, head, x, y} = data;
    const points = new Uint32Array(shown.length);
    const areas = new Map();
    const arcs = new Map();
    let count = 0;
    for (const i of shown) {
        if (x[i] !== x[i]) continue;
        if (columns.origin[i]) {
            const key = `${columns.origin[i]} ${columns.place[i]}`;
            if (!arcs.has(key)) arcs.set(key, {origin: head.origins[columns.origin[i] - 1], x: x[i], y: y[i], type: columns.type[i]});
        }
        if (!isRegion(columns, i)) {
            points[count++] = i;
            continue;
        }
        const key = columns.place[i];
        if (!areas.has(key)) areas.set(key, newArea(data, i));
        areas.get(key).members.push(i);
        areas.get(key).types[columns.type[i]]++;
    }
    return {points: points.subarray(0, count), areas: [...areas.values()], arcs: [...arcs.values()]};
}

/**
 * Paint incidents and the labels round them.
 * @param {CanvasRenderingContext2D} ink
 * @param {Object} view as in layers.js
 * @param {Object} data
 * @param {Scene} scene
 * @param {Object} options theme, base, selected (an incident or -1), ratio, marks (from compare.js)
 * @returns {{nodes: Array, areas: Array, owner: Function, points: number[]}} what can be hit; the
 *     incidents that went to nodes
 */
export function paint(ink, view, data, scene, {theme, base, selected, ratio, marks}) {
    const {columns, head} = data;
    const radius = symbolRadius(view.zoom);
    const areas = scene.areas.map((area) => outlineArea(area, view)).filter(Boolean);
    const small = areas.filter(isSmall).flatMap((area) => area.members);
    const points = small.length ? [...scene.points, ...small] : scene.points;
    const {nodes, owner} = cluster(points, data, head.types.length, {...view, radius});
    if (marks) markNodes(nodes, owner, points, data, view, marks);
    const symbols = new Taken();
    const texts = new Taken();
    for (const {x, y, r} of nodes) symbols.add([x - r - 1, y - r - 1, x + r + 1, y + r + 1]);

    const large = areas.filter((area) => !isSmall(area));
    for (const area of large) paintArea(ink, area, head, theme);
    const captions = large.map((area) => captionArea(ink, area, theme, symbols, texts));
    const towns = new Taken();
    const chosen = selected >= 0 && owner(data.x[selected] * view.scale - view.left, data.y[selected] * view.scale - view.top);
    if (chosen) chosen.room = Math.max(RING, chosen.r + 5) + 3;
    drawNames(ink, view, nodes, head.places, base, theme, symbols, texts, towns);
    if (base) drawLabels(ink, view, base, theme, symbols, texts, towns);

    if (scene.arcs.length <= MANY_ARCS) for (const arc of scene.arcs) paintArc(ink, arc, view, theme.types[arc.type]);
    for (let k = nodes.length - 1; k >= 0; k--) {
        const node = nodes[k];
        const changes = marks && node.marks;
        ink.globalAlpha = changes && node.n === changes[STILL] ? 0.35 : 1;
        if (node.n > 1) paintDonut(ink, node, theme, changes);
        else {
            const type = columns.type[node.first];
            const look = lookOf(data, node.first, marks);
            const {picture, half} = stamps.get(type, head.types[type].shape, radius, look, theme, ratio);
            ink.drawImage(picture, node.x - half, node.y - half, 2 * half, 2 * half);
        }
    }
    ink.globalAlpha = 1;
    captions.forEach((caption) => caption?.());
    if (selected >= 0 && data.x[selected] === data.x[selected]) paintSelected(ink, selected, view, data, owner, theme, radius);
    return {nodes, areas: large, owner, points};
}

const lookOf = ({columns}, i, marks) => ({
    hollow: modality(columns.flags[i]) === DENIED || marks?.[i] === GONE,
    notched: columns.told[i] === CORRECTION,
});

/** Count what is new, gone and still there in each node. */
function markNodes(nodes, owner, points, data, view, marks) {
    for (const node of nodes) node.marks = [0, 0, 0];
    for (const i of points) {
        const node = owner(data.x[i] * view.scale - view.left, data.y[i] * view.scale - view.top);
        if (node) node.marks[marks[i]]++;
    }
}

function paintDonut(ink, {x, y, n, r, types}, theme, changes) {
    const hole = r * 0.62;
    ink.beginPath();
    ink.arc(x, y, r + 2, 0, 7);
    ink.fillStyle = theme.edge;
    ink.fill();
    ink.beginPath();
    ink.arc(x, y, r + 1.5, 0, 7);
    ink.fillStyle = theme.halo;
    ink.fill();
    let from = -Math.PI / 2;
    types.forEach((count, type) => {
        if (!count) return;
        const to = from + count / n * 2 * Math.PI;
        ink.beginPath();
        ink.arc(x, y, r, from, to);
        ink.arc(x, y, hole, to, from, true);
        ink.fillStyle = theme.types[type];
        ink.fill();
        from = to;
    });
    ink.beginPath();
    ink.arc(x, y, hole, 0, 7);
    ink.fillStyle = theme.paper;
    ink.fill();
    ink.textAlign = 'center';
    ink.textBaseline = 'middle';
    ink.fillStyle = theme.ink;
    if (changes?.[NEW] && changes[GONE]) {
        ink.font = `650 8px ${theme.font}`;
        ink.fillText(`+${changes[NEW]}`, x, y - 3);
        ink.fillText(`−${changes[GONE]}`, x, y + 5);
        return;
    }
    const total = n > 9999 ? `${Math.round(n / 1000)}k` : `${n}`;
    const text = !changes ? total : changes[NEW] ? `+${changes[NEW]}` : changes[GONE] ? `−${changes[GONE]}` : '=';
    ink.font = `650 ${text.length > 3 ? 10 : 11}px ${theme.font}`;
    ink.fillText(text, x, y + 0.5);
}

function paintArc(ink, {origin, x, y}, {scale, left, top}, colour) {
    const [, lon, lat] = origin;
    if (lon == null || lat == null) return;
    const ax = mercatorX(lon) * scale - left;
    const ay = mercatorY(lat) * scale - top;
    const bx = x * scale - left;
    const by = y * scale - top;
    const far = Math.hypot(bx - ax, by - ay);
    if (far < 14) return;
    // Bend to the left of the way, as a throw would on a map with north up.
    const cx = (ax + bx) / 2 + (by - ay) * 0.22;
    const cy = (ay + by) / 2 - (bx - ax) * 0.22;
    const angle = Math.atan2(by - cy, bx - cx);
    ink.save();
    ink.strokeStyle = ink.fillStyle = colour;
    ink.lineWidth = 1.6;
    ink.setLineDash([4, 3]);
    ink.beginPath();
    ink.moveTo(ax, ay);
    ink.quadraticCurveTo(cx, cy, bx - 9 * Math.cos(angle), by - 9 * Math.sin(angle));
    ink.stroke();
    ink.translate(bx - 7 * Math.cos(angle), by - 7 * Math.sin(angle));
    ink.rotate(angle);
    ink.fill(new Path2D('M0 0L-7 -3.5L-7 3.5Z'));
    ink.restore();
    ink.beginPath();
    ink.arc(ax, ay, 2.5, 0, 7);
    ink.fillStyle = colour;
    ink.fill();
}

/** Mark the selected one: an area by its outline, a point by a ring and by how far off it may be. */
function paintSelected(ink, i, view, data, owner, theme, radius) {
    const x = data.x[i] * view.scale - view.left;
    const y = data.y[i] * view.scale - view.top;
    const {columns, head} = data;
    const r = radiusInPixels(columns.radius[i] * 1000, data.y[i], view.scale);
    const node = owner(x, y);
    ink.save();
    ink.strokeStyle = theme.accent;
    ink.lineWidth = 2;
    const area = isRegion(columns, i) && outlineArea(newArea(data, i), view);
    if (area && !isSmall(area)) ink.stroke(area.path);
    else {
        if (r > radius + 10) paintRing(ink, x, y, r, theme);
        const donut = node?.n > 1;
        if (!donut) {
            const type = columns.type[i];
            ink.translate(x, y);
            drawSymbol(ink, head.types[type].shape, theme.types[type], radius + 1, lookOf(data, i, null), theme);
            ink.translate(-x, -y);
        }
        ink.lineWidth = 2;
        ink.strokeStyle = theme.accent;
        ink.beginPath();
        ink.arc(donut ? node.x : x, donut ? node.y : y, donut ? node.r + 5 : RING, 0, 7);
        ink.stroke();
    }
    ink.restore();
}

/** How far off a place may be. */
function paintRing(ink, x, y, r, theme) {
    ink.lineWidth = 1.2;
    ink.setLineDash([4, 4]);
    ink.beginPath();
    ink.arc(x, y, r, 0, 7);
    ink.stroke();
    ink.setLineDash([]);
    ink.globalAlpha = 0.06;
    ink.fillStyle = theme.accent;
    ink.fill();
    ink.globalAlpha = 1;
}

/**
 * What lies under a point of the view.
 * @returns {{node: Object}|{area: Object}|null}
 */
export function hit(painted, ink, x, y, ratio) {
    let best = null;
    let nearest = Infinity;
    for (const node of painted.nodes) {
        const away = Math.hypot(node.x - x, node.y - y);
        // 24 px is what a finger needs, whatever the symbol's size.
        if (away < Math.max(node.r + 2, 12) && away < nearest) {
            nearest = away;
            best = node;
        }
    }
    if (best) return {node: best};
    const inside = painted.areas.filter(({path, label}) =>
        (label && x >= label[0] && x <= label[2] && y >= label[1] && y <= label[3])
        || ink.isPointInPath(path, x * ratio, y * ratio));
    // The smallest of areas that lie in each other is the one that was meant.
    inside.sort((a, b) => (a.box[2] - a.box[0]) - (b.box[2] - b.box[0]));
    return inside.length ? {area: inside[0]} : null;
}
