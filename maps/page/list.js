/** The list of incidents: the map for those who read or use the keyboard. */

import {h, quoted} from './h.js';
import {symbol, placeName, when} from './card.js';
import {t} from './words.js';

const PAGE = 100;

/**
 * Make a list of incidents, a page at a time.
 * @param {number[]} members numbers of incidents, in the order to show
 * @param {{read: function(number): Promise<Object>, type: function(number): Object,
 *     open: function(number), point: function(number)}} options `open` shows the card, `point`
 *     marks an incident on the map
 */
export function list(members, {read, type, open, point}) {
    const rows = h('ol', {class: 'gm-rows', onkeydown: arrows});
    const more = h('button', {class: 'gm-more', onclick: () => grow(true)}, t('more'));
    let made = 0;
    let heading = '';

    async function grow(focus) {
        const part = members.slice(made, made + PAGE);
        made += part.length;
        const records = await Promise.all(part.map(read));
        const first = rows.children.length;
        records.forEach((record, k) => {
            const day = when(record, 'weekday');
            if (day !== heading) rows.append(h('li', {class: 'gm-day-heading'}, h('h3', {}, heading = day)));
            rows.append(row(record, part[k]));
        });
        more.hidden = made >= members.length;
        if (focus) [...rows.children].slice(first).find((item) => item.firstChild.matches('button'))?.firstChild.focus();
    }

    function row(record, i) {
        return h('li', {}, h('button', {class: 'gm-row', 'data-i': i, onclick: () => open(i), onfocus: () => point(i)},
            symbol(type(i)),
            h('span', {class: 'gm-row-text'},
                h('span', {class: 'gm-row-head'}, quoted('b', {}, placeName(record) || t('no_place')),
                    h('small', {}, record.lon == null ? t('not_mapped') : type(i).label)),
                quoted('span', {class: 'gm-row-quote'}, record.sentence))));
    }

    function arrows(event) {
        const buttons = [...rows.querySelectorAll('.gm-row')];
        const at = buttons.indexOf(document.activeElement);
        const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1}[event.key];
        if (to === undefined) return;
        event.preventDefault();
        buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
    }

    grow(false);
    return h('div', {class: 'gm-list'}, members.length ? null : h('p', {class: 'gm-empty'}, t('nothing')), rows, more);
}
