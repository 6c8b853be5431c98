/** Single symbols on the canvas, each drawn once and then stamped. */

import {outline, isHollow} from './symbols.js';

/** Symbols as small pictures, drawn once for a theme and a resolution. */
class Stamps {
    #pictures = new Map();
    #key = '';

    get(type, shape, radius, look, theme, ratio) {
        const key = `${theme.name} ${ratio}`;
        if (key !== this.#key) this.#pictures.clear();
        this.#key = key;
        const name = `${type} ${radius} ${look.hollow} ${look.notched}`;
        if (!this.#pictures.has(name)) this.#pictures.set(name, stamp(shape, theme.types[type], radius, look, theme, ratio));
        return this.#pictures.get(name);
    }
}

function stamp(shape, colour, radius, look, theme, ratio) {
    const half = Math.ceil(radius * 1.3 + 3);
    const picture = document.createElement('canvas');
    picture.width = picture.height = 2 * half * ratio;
    const ink = picture.getContext('2d');
    ink.setTransform(ratio, 0, 0, ratio, half * ratio, half * ratio);
    drawSymbol(ink, shape, colour, radius, look, theme);
    return {picture, half};
}

/** A symbol; hollow for what is denied or gone, with a notch for what was corrected. */
export function drawSymbol(ink, shape, colour, radius, {hollow, notched}, theme) {
    const path = new Path2D(outline(shape, radius));
    const open = hollow || isHollow(shape);
    ink.lineJoin = 'round';
    ink.lineWidth = 3.8;
    ink.strokeStyle = theme.edge;
    ink.stroke(path);
    ink.lineWidth = 2.8;
    ink.strokeStyle = theme.halo;
    ink.stroke(path);
    ink.fillStyle = open ? theme.halo : colour;
    ink.fill(path);
    if (open) {
        ink.lineWidth = 1.8;
        ink.strokeStyle = colour;
        ink.stroke(path);
    }
    if (notched) {
        ink.beginPath();
        ink.arc(radius * 0.85, -radius * 0.85, radius * 0.42, 0, 7);
        ink.fillStyle = theme.ink;
        ink.fill();
        ink.lineWidth = 1.2;
        ink.strokeStyle = theme.halo;
        ink.stroke();
    }
}

export const stamps = new Stamps();
