/** The left panel: search, the types that are filter and legend in one, certainty. */

import {h} from './h.js';
import {symbol} from './card.js';
import {t, number} from './words.js';

const MOST_NAMES = 200;

/**
 * Make the panel.
 * @param {Object[]} types as in the data's head
 * @param {[string, number][]} who names of those who take part, with counts
 * @param {{toggle: function(number, boolean), search: function(string), certainty: function(string), actor: function(string),
 *     background: function(boolean), unplaced: function(), everywhere: function(), allDays: function()}} on what to call
 * @returns {{element: Element, update: function}}
 */
export function legend(types, who, on) {
    const rows = types.map((type, k) => typeRow(type, (event) => on.toggle(k, event.altKey || event.ctrlKey || event.metaKey)));
    const context = switchRow(t('context'), on.background);
    const shown = h('small', {'aria-live': 'polite'});
    const certainty = segments(['all', 'place', 'confirmed'], (value) => t(`certainty.${value}`), on.certainty);
    const actor = h('select', {'aria-labelledby': 'gm-who', onchange: () => on.actor(actor.value)},
        h('option', {value: ''}, t('anyone')), who.slice(0, MOST_NAMES).map(([name, n]) => h('option', {value: name}, `${name} (${number(n)})`)));
    const tray = h('p', {class: 'gm-tray'});
    const outside = h('p', {class: 'gm-tray'});
    const search = h('input', {type: 'search', placeholder: t('search'), 'aria-label': t('search'), maxlength: 200,
        oninput: () => on.search(search.value), onkeydown: ({key}) => key === 'Enter' && on.everywhere()});
    const found = h('p', {class: 'gm-found', 'aria-live': 'polite'});
    const element = h('div', {class: 'gm-panel-body'},
        h('label', {class: 'gm-search'}, magnifier(), search), found,
        h('h2', {}, t('type'), shown),
        h('div', {class: 'gm-types', role: 'group', 'aria-label': t('type')}, rows.filter((_, k) => types[k].shown).map((row) => row.element)),
        h('h2', {}, t('also_on_map')),
        h('div', {class: 'gm-types', role: 'group', 'aria-label': t('also_on_map')},
            rows.filter((_, k) => !types[k].shown).map((row) => row.element), context.element),
        tray, outside,
        h('h2', {id: 'gm-certainty'}, t('certainty')), certainty.element,
        who.length > 0 && [h('h2', {id: 'gm-who'}, t('actors')), actor], signs());

    const say = (place, key, n, label, act) => place.replaceChildren(...n ? [t(key, {n}), ' ', h('button', {onclick: act}, t(label))] : []);

    function update(choice, selection) {
        const most = Math.max(1, ...selection.types);
        rows.forEach((row, k) => row.update(choice.types.has(k), selection.types[k], most));
        context.update(choice.background, selection.background);
        certainty.update(choice.certainty);
        actor.value = choice.actor;
        shown.textContent = t('shown', {n: selection.shown.length});
        if (search !== document.activeElement) search.value = choice.search;
        found.replaceChildren(...choice.search ? foundText(choice, selection, on.allDays) : []);
        say(tray, 'unplaced', selection.unplaced, 'show_list', on.unplaced);
    }
    return {element, update, focus: () => search.focus(), outside: (n) => say(outside, 'outside', n, 'show_all', on.everywhere)};
}

/** How many hold the searched words, here and on the days that are not chosen. */
function foundText(choice, selection, showAllDays) {
    const here = selection.shown.length;
    const everywhere = selection.days.reduce((sum, counts) => sum + counts.reduce((a, b) => a + b, 0), 0);
    const text = t('found', {n: here, q: choice.search});
    return everywhere > here ? [text, ' · ', h('button', {onclick: showAllDays}, t('on_all_days', {n: everywhere}))] : [text];
}

function typeRow(type, toggle) {
    const bar = h('i', {'aria-hidden': 'true'});
    const count = h('b');
    const hint = type.shown ? h('span', {class: 'gm-swatch'}, symbol(type)) : h('span', {class: 'gm-box', 'aria-hidden': 'true'});
    const element = h('button', {class: type.shown ? 'gm-type' : 'gm-type gm-ghost', onclick: toggle,
        style: {'--light': type.light, '--dark': type.dark}, title: type.shown ? t('only_hint') : null},
    hint, h('span', {}, type.label, ' ', !type.shown && symbol(type, 14)), type.shown && bar, count);
    return {element, update(on, n, most) {
        element.setAttribute('aria-pressed', on);
        element.classList.toggle('gm-none', !n);
        bar.style.inlineSize = `${n ? Math.max(3, 56 * n / most) : 0}px`;
        count.textContent = number(n);
    }};
}

function switchRow(label, change) {
    const count = h('b');
    const element = h('button', {class: 'gm-type gm-ghost', onclick: () => change(element.getAttribute('aria-pressed') !== 'true')},
        h('span', {class: 'gm-box', 'aria-hidden': 'true'}), h('span', {}, label), count);
    return {element, update(on, n) {
        element.setAttribute('aria-pressed', on);
        element.classList.toggle('gm-none', !n);
        count.textContent = number(n);
    }};
}

/** A row of buttons of which one is pressed. */
export function segments(values, label, change) {
    const buttons = values.map((value) => h('button', {onclick: () => change(value)}, label(value)));
    return {
        element: h('div', {class: 'gm-segments', role: 'group', 'aria-labelledby': 'gm-certainty'}, buttons),
        update: (now) => buttons.forEach((button, k) => button.setAttribute('aria-pressed', values[k] === now)),
    };
}

const magnifier = () => h('svg', {viewBox: '0 0 20 20', width: 16, height: 16, 'aria-hidden': 'true'},
    h('path', {d: 'M14 8.5a5.5 5.5 0 1 1-11 0a5.5 5.5 0 1 1 11 0ZM13 13l4.5 4.5', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6'}));

/** What the signs on the map mean. */
function signs() {
    const circle = (r) => `M${-r} 0A${r} ${r} 0 1 1 ${r} 0A${r} ${r} 0 1 1 ${-r} 0Z`;
    const rows = [
        ['donut', [circle(7), 'gm-thick'], [circle(1), '']],
        ['area', [circle(7.5), 'gm-dashed'], ['M-6 4L4 -6M-3 7L7 -3M-7 -1L-1 -7', 'gm-thin']],
        ['ring', [circle(3), 'gm-solid'], [circle(7.5), 'gm-dashed gm-accent']],
        ['arc', ['M-8 5Q-2 -7 6 2', 'gm-dashed'], ['M8 5L2 4L6 0Z', 'gm-solid']],
        ['denied', [circle(5), 'gm-line']],
        ['corrected', [circle(5), 'gm-solid gm-pale'], ['M3 -5A2.4 2.4 0 1 1 7.8 -5A2.4 2.4 0 1 1 3 -5Z', 'gm-solid']],
    ];
    return h('details', {class: 'gm-signs'}, h('summary', {}, t('signs')),
        h('ul', {}, rows.map(([name, ...paths]) => h('li', {},
            h('svg', {viewBox: '-9 -9 18 18', width: 18, height: 18, 'aria-hidden': 'true'}, paths.map(([d, kind]) => h('path', {d, class: kind}))),
            h('span', {}, t(`signs.${name}`))))));
}
