/** Gives what is shown as a file: GeoJSON or CSV, with the names of geomap's tables. */

import {h} from './h.js';

/** Incidents as a GeoJSON FeatureCollection. */
export function toGeoJson(records) {
    const features = records.map(({lon, lat, ...properties}) => ({
        type: 'Feature',
        id: properties.id,
        geometry: lon == null ? null : {type: 'Point', coordinates: [lon, lat]},
        properties,
    }));
    return JSON.stringify({type: 'FeatureCollection', features}, null, 1);
}

/** Incidents as CSV. A cell that a spreadsheet would run as a formula gets an apostrophe. */
export function toCsv(records, fields) {
    const names = ['lon', 'lat', ...fields];
    const lines = records.map((record) => names.map((name) => cell(record[name])).join(','));
    return `\ufeff${[names.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(value) {
    if (value == null || (Array.isArray(value) && !value.length)) return '';
    if (typeof value === 'number') return String(value);
    let text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hand a text to the reader as a file. */
export function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], {type}));
    h('a', {href: address, download: name}).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
}
