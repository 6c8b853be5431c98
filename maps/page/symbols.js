/** The symbols of the incident types, one outline for the canvas and for the legend. */

const turn = (corners, radius, from = -90) => Array.from({length: corners}, (_, i) => {
    const angle = (from + 360 * i / corners) * Math.PI / 180;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
});

const square = (r) => [[-r, -r], [r, -r], [r, r], [-r, r]];

const plus = (a, b) => [[-b, -a], [b, -a], [b, -b], [a, -b], [a, b], [b, b],
    [b, a], [-b, a], [-b, b], [-a, b], [-a, -b], [-b, -b]];

/** Corners for a radius of 1; areas are about equal, so that no type looks louder. */
const CORNERS = {
    'square': square(0.88),
    'triangle-up': turn(3, 1.25).map(([x, y]) => [x, y + 0.2]),
    'triangle-down': turn(3, 1.25, 90).map(([x, y]) => [x, y - 0.2]),
    'diamond': turn(4, 1.2),
    'plus': plus(1.1, 0.4),
    'pentagon': turn(5, 1.1),
    'hexagon': turn(6, 1.06),
    'cross': plus(1.1, 0.32).map(([x, y]) => [(x - y) * 0.75, (x + y) * 0.75]),
    'hollow-diamond': turn(4, 1.0),
};

/**
 * Outline of a shape round 0, 0 as SVG path data.
 * @param {string} shape as in maps/types.csv; one that is not known is a circle
 * @param {number} radius in pixels
 */
export function outline(shape, radius) {
    const corners = CORNERS[shape];
    if (!corners) {
        const r = (shape.startsWith('hollow') ? 0.85 : 1) * radius;
        return `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
    }
    return `M${corners.map(([x, y]) => `${(x * radius).toFixed(2)} ${(y * radius).toFixed(2)}`).join('L')}Z`;
}

/** Whether a type is drawn as an outline only. */
export const isHollow = (shape) => shape.startsWith('hollow');
