/** What part of the world the map shows, beside the panels that cover it. */

import {boundsOf} from './layers.js';
import {geoPrecision} from './select.js';

/** How much of a map its panels cover: left, top, right, bottom. */
function covered(map) {
    const frame = map.getContainer().getBoundingClientRect();
    const cover = [0, 0, 0, 0];
    for (const panel of document.querySelectorAll('.gm-panel, .gm-side')) {
        const box = panel.getBoundingClientRect();
        if (!box.width || panel.hidden) continue;
        if (box.width > frame.width * 0.7) cover[3] = Math.max(cover[3], frame.bottom - box.top);
        else if (box.left - frame.left < frame.right - box.right) cover[0] = Math.max(cover[0], box.right - frame.left);
        else cover[2] = Math.max(cover[2], frame.right - box.left);
    }
    return cover;
}

/**
 * Fit the map to incidents.
 * @param {L.Map} map
 * @param {Object} layer from incidentLayer
 * @param {ArrayLike<number>[]} wishes numbers of incidents; the first wish that has points counts
 * @param {boolean} most leave out the far-off few that would shrink the rest to a dot
 */
export function fit(map, layer, wishes, most) {
    const {data} = layer;
    const members = firstPlaced(data, wishes);
    if (!members) return;
    const [left, top, right, bottom] = covered(map);
    const room = {paddingTopLeft: [left + 30, top + 30], paddingBottomRight: [right + 30, bottom + 50], maxZoom: 11, animate: !most};
    const zoom = (bounds) => map.getBoundsZoom(bounds, false, [left + right + 60, top + bottom + 80]);
    const [whole, core] = [members, middleOf(data, members)].map((some) => boundsOf(layer, some));
    map.fitBounds(most && zoom(core) > zoom(whole) + Math.log2(3) ? core : whole, room);
}

/** The first wish that has points; those of whole countries only where there are no others. */
function firstPlaced({x, columns: {flags}}, wishes) {
    for (const wish of wishes) {
        const placed = Array.from(wish).filter((i) => x[i] === x[i]);
        const near = placed.filter((i) => geoPrecision(flags[i]) < 4);
        if (placed.length) return near.length ? near : placed;
    }
    return null;
}

/** So many incidents say where the middle is as well as a million. */
const SAMPLE = 5000;

/** The four fifths of incidents that lie nearest to the middle one; as in geomap/draw/scene.py. */
function middleOf({x, y}, members) {
    const every = Math.ceil(members.length / SAMPLE);
    const placed = members.filter((_, k) => k % every === 0);
    const middle = (axis) => Float64Array.from(placed, (i) => axis[i]).sort()[placed.length >> 1];
    const [mx, my] = [middle(x), middle(y)];
    const away = (i) => Math.hypot(x[i] - mx, y[i] - my);
    return placed.sort((a, b) => away(a) - away(b)).slice(0, Math.ceil(placed.length * 0.8));
}

/** Move an incident out from under the panels, if it is there. */
export function bringIntoView(map, layer, i) {
    if (layer.data.x[i] !== layer.data.x[i]) return;
    const at = map.latLngToContainerPoint(layer.latLng(i));
    const {x, y} = map.getSize();
    const [left, top, right, bottom] = covered(map);
    const seen = at.x > left + 10 && at.x < x - right - 10 && at.y > top + 10 && at.y < y - bottom - 10;
    if (!seen) map.panBy([at.x - (left + x - right) / 2, at.y - (top + y - bottom) / 2]);
}

/** How many incidents lie beside what the map shows. */
export function countOutside(map, {data: {x, y}}, members) {
    const scale = 256 * 2 ** map.getZoom();
    const {min, max} = map.getPixelBounds();
    const [west, north, east, south] = [min.x / scale, min.y / scale, max.x / scale, max.y / scale];
    let count = 0;
    for (const i of members) if (x[i] < west || x[i] > east || y[i] < north || y[i] > south) count++;
    return count;
}
