/** Places labels so that they give way to symbols and to each other. Knows neither DOM nor Leaflet. */

const CELL = 64;

/** Boxes that are taken, in a grid. */
export class Taken {
    #cells = new Map();

    /** Whether a box [left, top, right, bottom] touches none that is taken. */
    isFree(box) {
        return this.#over(box, (boxes) => boxes?.every((other) =>
            box[2] <= other[0] || box[0] >= other[2] || box[3] <= other[1] || box[1] >= other[3]) ?? true);
    }

    /** Take a box. */
    add(box) {
        this.#over(box, (boxes, key) => {
            if (boxes) boxes.push(box);
            else this.#cells.set(key, [box]);
            return true;
        });
    }

    #over(box, visit) {
        for (let row = Math.floor(box[1] / CELL); row <= Math.floor(box[3] / CELL); row++) {
            for (let col = Math.floor(box[0] / CELL); col <= Math.floor(box[2] / CELL); col++) {
                const key = row * 65536 + col;
                if (!visit(this.#cells.get(key), key)) return false;
            }
        }
        return true;
    }
}

/** Where a label may stand beside its point, best first: side, and steps of the gap along x and y. */
const SPOTS = [['start', 1, 0], ['end', -1, 0], ['center', 0, -1], ['center', 0, 1]];

/**
 * Find a free spot for a label, and take it.
 * @param {Taken[]} taken what it must not touch; it joins the last
 * @param {{x: number, y: number, width: number, height: number, gap: number}} label a gap of 0
 *     centres it on its point
 * @param {number[]|null} within box that it must not leave
 * @returns {{x: number, y: number}|null} left end and middle line of the text
 */
export function place(taken, {x, y, width, height, gap}, within = null) {
    for (const [side, dx, dy] of gap ? SPOTS : [['center', 0, 0]]) {
        const left = x + dx * gap - (side === 'start' ? 0 : side === 'end' ? width : width / 2);
        const middle = y + dy * (gap + height / 2 - 2);
        const box = [left - 2, middle - height / 2, left + width + 2, middle + height / 2];
        if (within && (box[0] < within[0] || box[2] > within[2])) continue;
        if (!taken.every((others) => others.isFree(box))) continue;
        taken.at(-1).add(box);
        return {x: left, y: middle};
    }
    return null;
}
