/** The panel at the side: the card of an incident, or a list. */

import {h} from './h.js';
import {card} from './card.js';
import {list} from './list.js';
import {record} from './record.js';
import {SUPERSEDED, CORRECTION} from './select.js';
import {copy} from './widgets.js';
import {t} from './words.js';

/** Incidents by day, the latest first; those of a day stay in order. */
const newestFirst = ({columns: {day}}, members) => Array.from(members).sort((a, b) => day[b] - day[a] || a - b);

/** A list of incidents of some data; see list.js. */
export const listOf = (data, members, open, point) => list(newestFirst(data, members),
    {read: (i) => record(data, i), type: (i) => data.head.types[data.columns.type[i]], open, point});

/** The card of one incident of some data; see card.js. */
export async function cardOf(data, i, onclose) {
    const type = data.head.types[data.columns.type[i]];
    const options = {type, onclose, copy, copyLink: () => copy(location.href), ...await otherMentions(data, i)};
    return card(await record(data, i), options);
}

/** Bulletins that tell the same event, and what they told otherwise. */
async function otherMentions(data, i) {
    const {event, document: from, told} = data.columns;
    if (!event) return {};
    const same = [...event.keys()].filter((k) => event[k] === event[i] && from[k] !== from[i]);
    const others = await Promise.all(same.map((k) => record(data, k)));
    return {
        also: [...new Set(others.filter((_, k) => told[same[k]] !== SUPERSEDED).map((other) => other.doc_title))],
        corrects: told[i] === CORRECTION ? others.filter((_, k) => told[same[k]] === SUPERSEDED) : [],
        corrected: told[i] === SUPERSEDED,
    };
}

/**
 * Make the side panel.
 * @param {Element} panel
 * @param {import('./data.js').Data} data
 * @param {{choose: function(number), changed: function(string|null), arrange: function(number)}} on
 *     `choose` marks an incident on the map (-1 for none), `changed` follows what the panel shows,
 *     `arrange` makes room for an incident
 */
export function sidePanel(panel, data, on) {
    let kind = null;
    let incident = null;

    function set(now, element, id = null) {
        kind = now;
        incident = id;
        panel.hidden = !element;
        panel.dataset.kind = now ?? '';
        panel.replaceChildren(...element ? [element] : []);
        on.changed(now);
    }

    function close() {
        on.choose(-1);
        set(null);
    }

    async function open(i, back = null) {
        const element = await cardOf(data, i, back ?? close);
        if (back) element.prepend(h('button', {class: 'gm-back', onclick: back}, `‹ ${t('back')}`));
        on.choose(i);
        set('card', element, (await record(data, i)).id);
        on.arrange(i);
        element.focus({preventScroll: true});
    }

    /** Show a list; `all` says that it follows the filters. */
    function showList(members, title, {all = false, focus = true} = {}) {
        const again = () => showList(members, title, {all});
        const body = listOf(data, members, (i) => open(i, again), on.choose);
        set(all ? 'list' : 'some', h('section', {class: 'gm-list-panel', tabindex: '-1', 'aria-label': title},
            h('header', {}, h('h2', {dir: 'auto'}, title), h('small', {}, t('incidents', {n: members.length})),
                h('button', {class: 'gm-close', 'aria-label': t('close'), onclick: close}, '×')), body));
        if (focus) panel.firstChild.focus({preventScroll: true});
    }

    return {open, showList, close, get kind() { return kind; }, get incident() { return incident; }};
}
