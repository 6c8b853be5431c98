/** Reads what geomap/draw/columns.py writes: head, typed columns, text in blocks. */

export const NOWHERE = -(2 ** 31);
export const NEVER = 0xffff;

const ARRAYS = {i4: Int32Array, u4: Uint32Array, f4: Float32Array, u2: Uint16Array, u1: Uint8Array};

/**
 * @typedef {Object} Data
 * @property {Object} head dictionaries and what the page was made with
 * @property {number} n how many incidents
 * @property {Object<string, ArrayLike<number>>} columns
 * @property {Float64Array} x web Mercator, 0 to 1 eastward; NaN without a place
 * @property {Float64Array} y web Mercator, 0 to 1 southward
 * @property {Text} text
 */

/**
 * Read a data block.
 * @param {string} lines of base64, each a gzip stream
 * @returns {Promise<Data>}
 */
export async function readData(lines) {
    const [first, second, ...blocks] = lines.trim().split('\n');
    const head = JSON.parse(decode(await inflate(first)));
    const columns = readColumns(await inflate(second), head);
    const x = new Float64Array(head.n);
    const y = new Float64Array(head.n);
    for (let i = 0; i < head.n; i++) {
        const placed = columns.lon[i] !== NOWHERE;
        x[i] = placed ? mercatorX(columns.lon[i] / 1e6) : NaN;
        y[i] = placed ? mercatorY(columns.lat[i] / 1e6) : NaN;
    }
    return {head, n: head.n, columns, x, y, text: new Text(blocks, head.block)};
}

/** Columns come by the weight of their bytes, the lowest first. */
function readColumns(packed, head) {
    const columns = {};
    let offset = 0;
    for (const [name, type] of head.columns) {
        const column = columns[name] = new ARRAYS[type](head.n);
        const bytes = new Uint8Array(column.buffer);
        const size = column.BYTES_PER_ELEMENT;
        for (let k = 0; k < size; k++, offset += head.n) {
            const plane = packed.subarray(offset, offset + head.n);
            if (size === 1) bytes.set(plane);
            else for (let i = 0, at = k; i < head.n; i++, at += size) bytes[at] = plane[i];
        }
    }
    return columns;
}

/** The text of the incidents, inflated a block at a time when somebody asks. */
export class Text {
    #blocks;
    #size;
    #open = new Map();

    constructor(blocks, size) {
        this.#blocks = blocks;
        this.#size = size;
    }

    /** How many blocks there are. */
    get length() {
        return this.#blocks.length;
    }

    /** A block's fields, each a list; kept once it is open. */
    block(b) {
        if (!this.#open.has(b)) this.#open.set(b, this.#read(b));
        return this.#open.get(b);
    }

    async #read(b) {
        const fields = JSON.parse(decode(await inflate(this.#blocks[b])));
        for (const [name, values] of Object.entries(fields)) {
            if (!Array.isArray(values)) fields[name] = Array(this.#size).fill(values.every);
        }
        return fields;
    }

    /** The text fields of one incident. */
    async of(i) {
        const fields = await this.block(Math.floor(i / this.#size));
        return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values[i % this.#size]]));
    }

    /** Number of the incident with an id, or -1. */
    async find(id) {
        for (let b = 0; b < this.length; b++) {
            const at = (await this.block(b)).id?.indexOf(id) ?? -1;
            if (at >= 0) return b * this.#size + at;
        }
        return -1;
    }
}

export const mercatorX = (lon) => lon / 360 + 0.5;

export function mercatorY(lat) {
    const sin = Math.sin(Math.max(-85.05, Math.min(85.05, lat)) * Math.PI / 180);
    return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

/** A ring written as steps of lon, lat, as flat web Mercator x, y, x, y, ... */
export function readRing(steps, unitsPerDegree = 1e4) {
    const ring = new Float64Array(steps.length);
    for (let k = 0, lon = 0, lat = 0; k < steps.length; k += 2) {
        lon += steps[k];
        lat += steps[k + 1];
        ring[k] = mercatorX(lon / unitsPerDegree);
        ring[k + 1] = mercatorY(lat / unitsPerDegree);
    }
    return ring;
}

/** The bytes of a base64 line that holds a gzip stream. */
export async function inflate(line) {
    const stream = new Blob([fromBase64(line)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The bytes that base64 stands for. */
export function fromBase64(line) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(line);
    const binary = atob(line);
    const bytes = new Uint8Array(binary.length);
    for (let k = 0; k < binary.length; k++) bytes[k] = binary.charCodeAt(k);
    return bytes;
}

const decode = (bytes) => new TextDecoder().decode(bytes);
