/** The reader's choice as a link: written to the URL's hash, read back with care. */

/**
 * @typedef {Object} State
 * @property {number} [zoom]
 * @property {number} [lat]
 * @property {number} [lon]
 * @property {string} [since] ISO date; with `until`; both missing mean the whole period
 * @property {string} [until]
 * @property {string[]} [types] ids of the types that show
 * @property {string} [certainty]
 * @property {string} [compare] ISO date of the day to compare with
 * @property {string} [actor] name of who takes part
 * @property {boolean} [background]
 * @property {string} [search]
 * @property {string} [incident] id of the incident on the card
 * @property {boolean} [list] whether the list is open
 */

const DATE = /^\d{4}-\d\d-\d\d$/;

/** Write a state as `#8.0/31.90000/35.00000/2026-08-01..2026-08-14/t=battle,unrest`. */
export function writeState(state) {
    const parts = [];
    if (state.zoom != null) parts.push(state.zoom.toFixed(1), state.lat.toFixed(4), state.lon.toFixed(4));
    if (state.since) parts.push(`${state.since}..${state.until}`);
    if (state.types) parts.push(`t=${state.types.map(encodeURIComponent).join(',')}`);
    if (state.certainty && state.certainty !== 'all') parts.push(`c=${state.certainty}`);
    if (state.compare) parts.push(`d=${state.compare}`);
    if (state.background) parts.push('b=1');
    if (state.actor) parts.push(`a=${encodeURIComponent(state.actor)}`);
    if (state.search) parts.push(`q=${encodeURIComponent(state.search)}`);
    if (state.incident) parts.push(`i=${encodeURIComponent(state.incident)}`);
    if (state.list) parts.push('list');
    return `#${parts.join('/')}`;
}

/**
 * Read a state. What makes no sense is left out: a link may come from anyone.
 * @param {string} hash
 * @returns {State}
 */
export function readState(hash) {
    const state = {};
    const parts = hash.replace(/^#/, '').split('/');
    const [zoom, lat, lon] = parts.slice(0, 3).map((part) => part ? Number(part) : NaN);
    if (within(zoom, 0, 22) && within(lat, -85, 85) && within(lon, -360, 360)) {
        Object.assign(state, {zoom, lat, lon});
    }
    for (const part of parts) {
        const [since, until] = part.split('..');
        if (isDate(since) && isDate(until ?? '') && since <= until) Object.assign(state, {since, until});
        if (part === 'list') state.list = true;
        const [, name, value] = /^([a-z])=(.*)$/s.exec(part) ?? [];
        if (name === 't') state.types = value.split(',').map(decode).filter(Boolean);
        if (name === 'c' && ['place', 'confirmed'].includes(value)) state.certainty = value;
        if (name === 'd' && isDate(value)) state.compare = value;
        if (name === 'b') state.background = value === '1';
        if (name === 'a') state.actor = decode(value).slice(0, 200);
        if (name === 'q') state.search = decode(value).slice(0, 200);
        if (name === 'i') state.incident = decode(value).slice(0, 200);
    }
    return state;
}

const within = (value, low, high) => value >= low && value <= high;

const isDate = (text) => DATE.test(text) && !Number.isNaN(Date.parse(text));

function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return '';
    }
}
