/** Gathers incidents that would lie on one another into donuts. Knows neither DOM nor Leaflet. */

const CELL = 12;

/**
 * @typedef {Object} Node what one symbol stands for
 * @property {number} x in pixels of the view
 * @property {number} y
 * @property {number} n how many incidents
 * @property {number} r radius in pixels
 * @property {number} first number of one of its incidents
 * @property {Uint32Array|null} types how many of each type; null for a single one
 * @property {boolean} shared whether all lie on one and the same point
 * @property {[number, number][]} at numbers of places, each with how many of its incidents; those that
 *     share a cell with another place are left out
 */

/** Radius of a donut for some incidents: area grows slowly, so that a hundred do not shout. */
export const donutRadius = (n) => Math.min(22, 10 + 4 * Math.log10(n));

/**
 * Cluster incidents in a view.
 * @param {Iterable<number>} shown numbers of incidents
 * @param {{x: Float64Array, y: Float64Array, columns: Object}} data web Mercator, 0 to 1; type and place
 * @param {number} kinds how many types there are
 * @param {{scale: number, left: number, top: number, width: number, height: number, radius: number}} view
 *     pixels of the world's width, the view's corner in world pixels, its size, radius of a single
 * @returns {{nodes: Node[], owner: function(number, number): (Node|undefined)}} donuts first;
 *     `owner` gives the node that an incident's view position went to
 */
export function cluster(shown, {x, y, columns: {type, place}}, kinds, view) {
    const {scale, left, top, width, height} = view;
    // Cells hang on the world, not on the view: panning does not regroup.
    const dx = left - Math.floor(left / CELL) * CELL;
    const dy = top - Math.floor(top / CELL) * CELL;
    const across = Math.ceil((width + dx) / CELL) + 1;
    const cells = new Int32Array(across * (Math.ceil((height + dy) / CELL) + 1));
    const nodes = [];
    for (const i of shown) {
        const px = x[i] * scale - left;
        const py = y[i] * scale - top;
        if (!(px >= 0 && py >= 0 && px < width && py < height)) continue;
        const cell = ((py + dy) / CELL | 0) * across + ((px + dx) / CELL | 0);
        let node = nodes[cells[cell] - 1];
        if (!node) {
            node = {x: 0, y: 0, n: 0, first: i, types: new Uint32Array(kinds), shared: true, place: place[i], into: null};
            nodes.push(node);
            cells[cell] = nodes.length;
        }
        if (place[i] !== node.place) node.place = -1;
        if (x[i] !== x[node.first] || y[i] !== y[node.first]) node.shared = false;
        node.x += px;
        node.y += py;
        node.n++;
        node.types[type[i]]++;
    }
    for (const node of nodes) {
        node.x /= node.n;
        node.y /= node.n;
        node.at = node.place < 0 ? [] : [[node.place, node.n]];
        node.r = node.n > 1 ? donutRadius(node.n) : view.radius;
    }
    return {
        nodes: merged(nodes),
        owner: (px, py) => root(nodes[cells[((py + dy) / CELL | 0) * across + ((px + dx) / CELL | 0)] - 1]),
    };
}

const root = (node) => {
    while (node?.into) node = node.into;
    return node;
};

/** Merge nodes whose circles would touch, the larger taking in the smaller, until none do. */
function merged(nodes) {
    let left = [...nodes].sort((a, b) => b.n - a.n || a.first - b.first);
    for (let round = 0; round < 6; round++) {
        const before = left.length;
        const grid = new Map();
        const reach = 44;
        const key = (node, ox = 0, oy = 0) => ((node.y / reach | 0) + oy) * 4096 + (node.x / reach | 0) + ox;
        for (const node of left) {
            const near = findNear(node, grid, key);
            if (near) absorb(near, node);
            else grid.set(key(node), [...grid.get(key(node)) ?? [], node]);
        }
        left = left.filter((node) => !node.into);
        if (left.length === before) break;
    }
    return left;
}

function findNear(node, grid, key) {
    for (let oy = -1; oy <= 1; oy++) {
        for (let ox = -1; ox <= 1; ox++) {
            for (const other of grid.get(key(node, ox, oy)) ?? []) {
                // Two single symbols may overlap a little before a donut says more than they do.
                const room = node.n === 1 && other.n === 1 ? 1.5 * node.r : node.r + other.r - 1;
                if (Math.hypot(node.x - other.x, node.y - other.y) < room) return other;
            }
        }
    }
    return null;
}

function absorb(into, node) {
    const n = into.n + node.n;
    into.shared &&= node.shared && into.x === node.x && into.y === node.y;
    into.x = (into.x * into.n + node.x * node.n) / n;
    into.y = (into.y * into.n + node.y * node.n) / n;
    into.n = n;
    into.r = donutRadius(n);
    for (const [place, count] of node.at) {
        const same = into.at.find(([other]) => other === place);
        if (same) same[1] += count;
        else into.at.push([place, count]);
    }
    node.types.forEach((count, k) => into.types[k] += count);
    node.into = into;
}
