/** Puts an incident's record together again from columns, dictionaries and text. */

import {NEVER, NOWHERE} from './data.js';
import {geoPrecision, isBackground, modality} from './select.js';
import {isoAfter} from './words.js';

/**
 * The record of an incident, with the names of geomap's tables; null where not known.
 * @param {import('./data.js').Data} data
 * @param {number} i
 * @returns {Promise<Object>}
 */
export async function record({head, columns, text}, i) {
    const from = columns.day[i];
    const flags = columns.flags[i];
    const [place, place_id, country, admin1] = head.places[columns.place[i]];
    const [doc_id, doc_title, doc_date, source, extractor] = head.documents[columns.document[i]];
    const [origin_place, origin_lon, origin_lat] = head.origins[columns.origin[i] - 1] ?? [null, null, null];
    const placed = columns.lon[i] !== NOWHERE;
    const told = await text.of(i);
    return {
        ...head.fields,
        ...absolute(told),
        // Written only where they are not what one would take them for.
        event_id: told.event_id ?? told.id ?? '',
        incident_type: told.incident_type ?? head.types[columns.type[i]].id,
        doc_id, doc_title, doc_date, source, extractor,
        place, place_id, country, admin1, origin_place, origin_lon, origin_lat,
        date: from === NEVER ? null : isoAfter(head.day0, from),
        date_end: from === NEVER ? null : isoAfter(head.day0, from + columns.days[i]),
        date_precision: head.date_precisions[columns.precision[i]],
        temporal: isBackground(flags) ? 'background' : 'current',
        modality: head.modalities[modality(flags)],
        geo_precision: geoPrecision(flags) || null,
        lon: placed ? columns.lon[i] / 1e6 : null,
        lat: placed ? columns.lat[i] / 1e6 : null,
    };
}

/** Offsets are written from the sentence's start, its end from its length. */
function absolute(fields) {
    const start = fields.sentence_start ?? 0;
    for (const name of ['place_start', 'place_end', 'trigger_start', 'trigger_end', 'sentence_end']) {
        if (fields[name] != null) fields[name] += start;
    }
    if (fields.sentence_end != null) fields.sentence_end += Array.from(fields.sentence ?? '').length;
    return fields;
}

/**
 * Cut a sentence at its trigger, its place and its numbers.
 * Offsets count characters of the document; where they do not meet the sentence (it was cleaned),
 * the words are looked for instead.
 * @returns {{text: string, kind: ''|'trigger'|'place'|'number'}[]}
 */
export function marked(record) {
    const letters = Array.from(record.sentence ?? '');
    const whole = letters.length === record.sentence_end - record.sentence_start;
    const spans = [];
    const add = (start, end, words, kind) => {
        let span = whole && start != null ? [start - record.sentence_start, end - record.sentence_start] : null;
        if (span && words && letters.slice(...span).join('').toLowerCase() !== words.toLowerCase() && kind === 'trigger') span = null;
        span ??= lookFor(letters, words);
        if (span && span[0] >= 0 && span[1] > span[0] && span[1] <= letters.length) spans.push([...span, kind]);
    };
    add(record.trigger_start, record.trigger_end, record.trigger, 'trigger');
    add(record.place_start, record.place_end, record.place, 'place');
    for (const {start, end, text} of record.quantities ?? []) add(start, end, text, 'number');
    spans.sort((a, b) => a[0] - b[0]);
    const parts = [];
    let at = 0;
    for (const [start, end, kind] of spans) {
        if (start < at) continue;
        if (start > at) parts.push({text: letters.slice(at, start).join(''), kind: ''});
        parts.push({text: letters.slice(start, end).join(''), kind});
        at = end;
    }
    if (at < letters.length) parts.push({text: letters.slice(at).join(''), kind: ''});
    return parts;
}

function lookFor(letters, words) {
    const at = words ? letters.join('').toLowerCase().indexOf(words.toLowerCase()) : -1;
    if (at < 0) return null;
    const start = Array.from(letters.join('').slice(0, at)).length;
    return [start, start + Array.from(words).length];
}
