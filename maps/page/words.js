/** The page's own words: one catalogue, numbers and dates as the reader's language writes them. */

let words = {};
let language = 'en';

/** Choose the catalogue (maps/page/lang/*.json) and its BCP 47 tag. */
export function speak(catalogue, tag) {
    words = catalogue;
    language = tag;
}

/**
 * A phrase of the catalogue with its values filled in.
 * Phrases with plural forms choose by `n`.
 */
export function t(key, values = {}) {
    let phrase = words[key] ?? key;
    if (typeof phrase === 'object') {
        phrase = phrase[new Intl.PluralRules(language).select(values.n)] ?? phrase.other;
    }
    return phrase.replace(/\{(\w+)\}/g, (_, name) =>
        typeof values[name] === 'number' ? number(values[name]) : values[name] ?? '');
}

/** Whether the catalogue has a phrase. */
export const has = (key) => key in words;

export const number = (n, options = {}) => new Intl.NumberFormat(language, options).format(n);

const DAY = 86400000;

/** Milliseconds of an ISO date, in UTC. */
export const timeOf = (iso) => Date.parse(`${iso}T00:00:00Z`);

/** ISO date that lies some days after another. */
export const isoAfter = (iso, days) => new Date(timeOf(iso) + days * DAY).toISOString().slice(0, 10);

/** Days from one ISO date to another. */
export const daysBetween = (from, to) => Math.round((timeOf(to) - timeOf(from)) / DAY);

const STYLES = {
    full: {weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'},
    medium: {weekday: 'short', day: 'numeric', month: 'long', year: 'numeric'},
    short: {day: 'numeric', month: 'short'},
    weekday: {weekday: 'short', day: 'numeric', month: 'long'},
    long: {day: 'numeric', month: 'long', year: 'numeric'},
    month: {month: 'long', year: 'numeric'},
    year: {year: 'numeric'},
};

const formats = new Map();

function format(style) {
    const key = `${language} ${style}`;
    if (!formats.has(key)) {
        // Day before month is what bulletins write; en alone would be the American order.
        const tag = language === 'en' ? 'en-GB' : language;
        formats.set(key, new Intl.DateTimeFormat(tag, {...STYLES[style], timeZone: 'UTC'}));
    }
    return formats.get(key);
}

/** An ISO date in words; see STYLES. */
export const day = (iso, style = 'long') => format(style).format(timeOf(iso)).replace(',', '');

/** A period in words; one day if both ends meet. */
export const period = (since, until, style = 'long') =>
    since === until ? day(since, style === 'long' ? 'medium' : style)
        : format(style).formatRange(timeOf(since), timeOf(until));
