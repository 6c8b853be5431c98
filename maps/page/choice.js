/** The reader's choice: what it is at first, and its way to a link and back. Knows neither DOM nor Leaflet. */

import {NEVER} from './data.js';
import {daysBetween, isoAfter} from './words.js';

const EVERY_DAY = {since: 0, until: NEVER - 1, undated: true};

/** A choice of a period; null and null choose every day. */
export const periodOf = (since, until) => since === null ? EVERY_DAY : {since, until, undated: false};

/**
 * What shows before the reader has chosen anything.
 * @param {import('./data.js').Data} data
 * @returns {import('./select.js').Choice}
 */
export function defaultChoice({head}) {
    const types = new Set(head.types.flatMap((type, k) => type.shown ? [k] : []));
    const [, last] = head.period;
    return {
        ...head.start === 'last-day' ? periodOf(last, last) : EVERY_DAY,
        types, certainty: 'all', background: false, actor: '', match: null, search: '', compare: null,
    };
}

/**
 * What a link says of the choice, as far as this data knows its words.
 * @param {import('./state.js').State} state
 * @param {Object} head of the data
 */
export function choiceOf({since, until, types, certainty, background, actor, search, compare}, head) {
    const choice = {};
    const dayOf = (iso) => daysBetween(head.day0, iso);
    if (since) {
        const whole = dayOf(since) <= head.period[0] && dayOf(until) >= head.period[1];
        Object.assign(choice, whole ? EVERY_DAY : periodOf(dayOf(since), dayOf(until)));
    }
    if (compare && choice.undated === false) choice.compare = [dayOf(compare), dayOf(compare)];
    if (types) choice.types = new Set(types.map((id) => head.types.findIndex((type) => type.id === id)).filter((k) => k >= 0));
    if (certainty) choice.certainty = certainty;
    if (background) choice.background = true;
    if (actor && head.actors.some((names) => names.includes(actor))) choice.actor = actor;
    if (search) choice.search = search;
    return choice;
}

/** What a link has to say of a choice; what is as usual goes without saying. */
export function stateOf(choice, data) {
    const {head} = data;
    const usual = defaultChoice(data);
    const iso = (day) => isoAfter(head.day0, day);
    const [since, until] = choice.undated ? head.period : [choice.since, choice.until];
    const {certainty, background, actor, search} = choice;
    return {
        ...choice.undated && usual.undated ? {} : {since: iso(since), until: iso(until)},
        types: isSame(choice.types, usual.types) ? undefined : [...choice.types].sort((a, b) => a - b).map((k) => head.types[k].id),
        certainty, background, actor, search,
        compare: choice.compare ? iso(choice.compare[0]) : undefined,
    };
}

const isSame = (a, b) => a.size === b.size && [...a].every((value) => b.has(value));
