/** The card of one incident: the bulletin's words first, then what was made of them, and why. */

import {h, quoted, link, isWeb} from './h.js';
import {outline, isHollow} from './symbols.js';
import {marked} from './record.js';
import {t, has, day, period, number} from './words.js';

/** A type's symbol as a small picture. */
export function symbol(type, size = 18) {
    const open = isHollow(type.shape);
    return h('svg', {viewBox: '-9 -9 18 18', width: size, height: size, 'aria-hidden': 'true', class: 'gm-symbol',
        style: {'--light': type.light, '--dark': type.dark}},
    h('path', {d: outline(type.shape, 6), class: open ? 'gm-open' : 'gm-full'}));
}

/** Place with its country or region, as far as both say something. */
export function placeName({place, admin1, country}) {
    const around = admin1 || countryName(country);
    return around && !place.includes(around) && around !== place ? `${place}, ${around}` : place;
}

function countryName(code) {
    try {
        return code ? new Intl.DisplayNames(document.documentElement.lang || 'en', {type: 'region'}).of(code) : '';
    } catch {
        return code;
    }
}

/** An incident's day in words, as precisely as it is known. */
export function when({date, date_end, date_precision}, style = 'medium') {
    if (!date) return t('no_date');
    if (date_precision === 'month') return day(date, 'month');
    if (date_precision === 'year') return day(date, 'year');
    return period(date, date_end ?? date, style);
}

/**
 * Make the card.
 * @param {Object} record from record.js
 * @param {{type: Object, onclose: Function, copyLink: Function, copy: Function, also: string[],
 *     corrects: Object[], corrected: boolean}} options `also`: titles of bulletins that tell it too;
 *     `corrects`: records of mentions that this one tells otherwise; `corrected`: it is one of those
 */
export function card(record, {type, onclose, copyLink, copy, also = [], corrects = [], corrected = false}) {
    const label = record.subtype ? t(`subtype.${record.subtype}`) : '';
    return h('article', {class: 'gm-card', tabindex: '-1', 'aria-labelledby': 'gm-card-title',
        style: {'--light': type.light, '--dark': type.dark}},
    h('header', {}, symbol(type), h('b', {}, type.label),
        h('span', {}, has(`subtype.${record.subtype}`) ? label : (record.subtype ?? '').replaceAll('_', ' ')),
        h('button', {class: 'gm-close', 'aria-label': t('close'), onclick: onclose}, '×')),
    quoted('h2', {id: 'gm-card-title'}, placeName(record) || t('no_place')),
    h('p', {class: 'gm-when'}, when(record), ` · ${dateBasis(record)}`),
    corrected && h('p', {class: 'gm-corrected'}, t('corrected')),
    record.sentence && quoted('blockquote', {}, marked(record).map(({text, kind}) =>
        kind ? h('mark', {class: `gm-${kind}`}, text) : text)),
    h('dl', {}, facts(record, also, corrects).map(([name, ...value]) => [h('dt', {}, name), h('dd', {}, ...value)])),
    h('footer', {},
        h('button', {onclick: () => copy(citation(record))}, t('copy_citation')),
        h('button', {onclick: copyLink}, t('copy_link'))));
}

function dateBasis({date_basis, date_precision, temporal}) {
    const said = t(`basis.${date_basis}`, {what: t(`precision.${date_precision}`)});
    return temporal === 'background' ? `${said} · ${t('background')}` : said;
}

function facts(record, also, corrects) {
    const rows = [];
    const says = record.attribution ? `, ${t('says', {who: record.attribution})}` : '';
    const {fatalities_low: low, fatalities_high: high} = record;
    const range = low != null && high != null && low !== high ? ` (${t('range', {low, high})})` : '';
    if (record.fatalities != null) rows.push([t('killed'), quoted('span', {}, number(record.fatalities) + range + says)]);
    for (const what of ['injured', 'missing', 'displaced']) {
        if (record[what] != null) rows.push([t(what), quoted('span', {}, number(record[what]))]);
    }
    const names = [...new Set((record.actors ?? []).map((actor) => actor.name || actor.text).filter(Boolean))];
    if (names.length) rows.push([t('actors'), quoted('span', {}, names.join(', '))]);
    if (record.origin_place) rows.push([t('origin'), quoted('span', {}, record.origin_place)]);
    rows.push([t('place'), precisely(record), whyHere(record)]);
    rows.push([t('status'), `${t(`modality.${record.modality}`)} · ${t('confidence', {p: number(record.confidence ?? 0, {maximumFractionDigits: 2})})}`]);
    rows.push([t('source'), ...source(record)]);
    for (const other of corrects) rows.push([t('corrects'), quoted('span', {}, `${other.doc_title}: ${difference(other, record)}`)]);
    if (also.length) rows.push([t('also'), quoted('span', {}, also.join('; '))]);
    return rows;
}

/** What another mention of the event says otherwise. */
function difference(other, record) {
    const said = [other.place !== record.place && placeName(other), other.date !== record.date && when(other),
        ...['fatalities', 'injured'].map((name) => other[name] != null && other[name] !== record[name]
            && `${t(name === 'fatalities' ? 'killed' : name)} ${number(other[name])}`)];
    return said.filter(Boolean).join(', ');
}

function precisely({lon, geo_precision, uncertainty_km: km}) {
    if (lon == null) return t('not_mapped');
    const radius = km ? `, ±${t('km', {n: number(km, {maximumFractionDigits: km < 10 ? 1 : 0})})}` : '';
    return t(`geo.${geo_precision ?? 0}`) + radius;
}

/** Why the pin is where it is, with the places that lost. */
function whyHere({reasons, lon, lat, place_id}) {
    if (!reasons?.length && lon == null) return null;
    return h('details', {class: 'gm-why'}, h('summary', {}, t('why_here')),
        h('ul', {}, (reasons ?? []).map((reason) => quoted('li', {}, reason)),
            lon != null && h('li', {}, `${lat.toFixed(4)}, ${lon.toFixed(4)}${place_id ? ` · ${place_id}` : ''}`)));
}

function source({doc_title, doc_date, section, source: address}) {
    const name = doc_title || address || t('bulletin');
    const rest = [issued(name, doc_date), section].filter(Boolean);
    return [isWeb(address) ? link(address, name) : quoted('bdi', {}, name), ...rest.flatMap((text) => [', ', quoted('bdi', {}, text)])];
}

/** The bulletin's day, unless its title says it in any language. */
function issued(title, date) {
    if (!date) return '';
    const [year, , of] = date.split('-').map(Number);
    const says = (n) => new RegExp(`(^|\\D)0?${n}(\\D|$)`).test(title);
    return says(year) && says(of) ? '' : day(date, 'long');
}

/** One line that another text can quote. */
export function citation(record) {
    const {sentence, doc_title, doc_date, source: address} = record;
    const from = [doc_title, issued(doc_title, doc_date), address].filter(Boolean).join(', ');
    return `“${sentence}” (${from}). ${placeName(record)}, ${when(record)}.`;
}
