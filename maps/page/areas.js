/** Regions on the canvas: outline, hatching, and the words that say how many lie in them. */

import {readRing} from './data.js';
import {geoPrecision} from './select.js';
import {write} from './base.js';
import {t} from './words.js';

/** Meters of the world's width at the equator. */
const EQUATOR = 40075017;

/** A region that incidents are known to, without members yet. */
export function newArea({columns, head, x, y}, i) {
    const area = columns.area[i];
    return {
        x: x[i], y: y[i],
        name: head.places[columns.place[i]][0],
        country: geoPrecision(columns.flags[i]) === 4,
        rings: area ? (head.areas[area - 1].rings ??= head.areas[area - 1].map((steps) => readRing(steps))) : null,
        meters: columns.radius[i] * 1000,
        types: new Uint32Array(head.types.length),
        members: [],
    };
}

/** An area that a symbol would cover is drawn as one, until the reader comes closer. */
export const isSmall = ({box: [w, n, e, s], country, rings}) => !(country && !rings) && Math.max(e - w, s - n) < 16;

/** An area in pixels of the view, or null where it is out of sight. */
export function outlineArea(area, view) {
    const {scale, left, top, width, height} = view;
    const x = area.x * scale - left;
    const y = area.y * scale - top;
    const path = new Path2D();
    const box = [x, y, x, y];
    if (area.rings) {
        for (const ring of area.rings) {
            for (let k = 0; k < ring.length; k += 2) {
                const px = ring[k] * scale - left;
                const py = ring[k + 1] * scale - top;
                path[k ? 'lineTo' : 'moveTo'](px, py);
                box[0] = Math.min(box[0], px);
                box[1] = Math.min(box[1], py);
                box[2] = Math.max(box[2], px);
                box[3] = Math.max(box[3], py);
            }
            path.closePath();
        }
    } else if (!area.country) {
        const r = radiusInPixels(area.meters, area.y, scale);
        path.arc(x, y, r, 0, 7);
        box.splice(0, 4, x - r, y - r, x + r, y + r);
    }
    const [w, n, e, s] = box;
    if (e < 0 || s < 0 || w > width || n > height) return null;
    return {...area, x, y, path, box, count: area.members.length};
}

/** Pixels of some meters on the ground, at a height of the Mercator square. */
export function radiusInPixels(meters, y, scale) {
    const lat = 2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2;
    return meters / (EQUATOR * Math.cos(lat)) * scale;
}

export function paintArea(ink, area, head, theme) {
    const main = area.types.indexOf(Math.max(...area.types));
    const colour = theme.types[main];
    ink.save();
    ink.globalAlpha = area.country ? 0.05 : 0.11;
    ink.fillStyle = colour;
    ink.fill(area.path);
    if (!area.country) {
        ink.globalAlpha = 0.13;
        ink.fillStyle = hatch(ink, colour);
        ink.fill(area.path);
    }
    ink.globalAlpha = area.country ? 0.45 : 0.9;
    ink.setLineDash([3, 3]);
    ink.lineWidth = 1;
    ink.strokeStyle = colour;
    ink.stroke(area.path);
    ink.restore();
}

function hatch(ink, colour) {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 6;
    const pen = tile.getContext('2d');
    pen.strokeStyle = colour;
    pen.lineWidth = 1;
    pen.beginPath();
    for (const shift of [-6, 0, 6]) {
        pen.moveTo(shift, 6);
        pen.lineTo(shift + 6, 0);
    }
    pen.stroke();
    return ink.createPattern(tile, 'repeat');
}

/** Find room for an area's words, and give what writes them. */
export function captionArea(ink, area, theme, symbols, texts) {
    const text = t('area', {n: area.count, place: area.name});
    ink.font = `600 11px ${theme.font}`;
    const width = ink.measureText(text).width;
    const [, top, , bottom] = area.box;
    const tall = bottom - top > 60;
    for (const y of tall ? [area.y, area.y - 16, area.y + 16, top + 10, bottom - 10] : [top - 9, bottom + 9, area.y]) {
        const box = [area.x - width / 2 - 5, y - 9, area.x + width / 2 + 5, y + 9];
        if (!symbols.isFree(box) || !texts.isFree(box)) continue;
        texts.add(box);
        area.label = box;
        return () => {
            ink.font = `600 11px ${theme.font}`;
            ink.textAlign = 'center';
            ink.textBaseline = 'middle';
            ink.direction = document.documentElement.dir || 'ltr';
            write(ink, text, area.x, y, theme.ink, theme.land, 3.5);
            ink.direction = 'ltr';
        };
    }
    return null;
}
