/** The timeline: one bar per day, the chosen period under a brush with two handles. */

import {h} from './h.js';
import {NEW, GONE, CHANGED} from './compare.js';
import {t, day, period, isoAfter} from './words.js';

const MOST_BARS = 120;
const STEP_MS = 1000;

/**
 * Cut a range of days into bars: days, weeks when there are many, months when there are more.
 * @returns {[number, number][]} first and last day of each bar
 */
export function bars(first, last, day0) {
    const days = last - first + 1;
    const width = days <= MOST_BARS ? 1 : 7;
    if (days <= MOST_BARS * 7) {
        return Array.from({length: Math.ceil(days / width)}, (_, k) =>
            [first + k * width, Math.min(first + k * width + width - 1, last)]);
    }
    const months = [];
    for (let at = first; at <= last; at++) {
        if (at === first || isoAfter(day0, at).endsWith('-01')) months.push([at, at]);
        else months.at(-1)[1] = at;
    }
    return months;
}

/**
 * Make the timeline.
 * @param {{first: number, last: number, day0: string, types: Object[], issued: Set<number>}} head
 * @param {function(number|null, number|null)} choose called with a period, or nulls for all of it
 * @param {function(number[]|null)} compare called with the period to compare with, or null
 */
export function timeline({first, last, day0, types, issued}, choose, compare) {
    const bins = bars(first, last, day0);
    const single = bins.every(([from, to]) => from === to);
    const iso = (n) => isoAfter(day0, n);
    let chosen = [0, bins.length - 1];
    let all = true;
    let ticking = 0;

    const buttons = bins.map(([from, to], k) => {
        const gap = single && issued.size > 0 && !issued.has(from);
        return h('button', {class: 'gm-bar', 'data-gap': gap || null, tabindex: k ? '-1' : '0', 'data-k': k},
            h('span', {class: 'gm-stack'}), h('span', {class: 'gm-bar-label'}, single || to - from < 7 ? day(iso(from), 'short') : day(iso(from), 'month')));
    });
    const start = handle('since', (k) => pick(Math.min(k, chosen[1]), chosen[1]));
    const end = handle('until', (k) => pick(chosen[0], Math.max(k, chosen[0])));
    const brush = h('div', {class: 'gm-brush'}, start, end);
    const track = h('div', {class: 'gm-track', onpointerdown: grab, onkeydown: arrows}, buttons, brush);
    const title = h('b');
    const count = h('span');
    const play = h('button', {class: 'gm-play', 'aria-label': t('play'), onclick: toggle}, '▶');
    const everything = h('button', {class: 'gm-all', onclick: () => choose(null, null)}, t('all_days'));
    const other = h('button', {class: 'gm-all', onclick: () => compare(comparing ? null : bins[chosen[0] - 1])});
    let comparing = false;
    const steps = [-1, 1].map((by) => h('button', {class: 'gm-step', 'aria-label': t(by < 0 ? 'before' : 'after'), onclick: () => step(by)}, by < 0 ? '‹' : '›'));
    const element = h('div', {class: 'gm-timeline'},
        h('div', {class: 'gm-control'}, play, h('div', {class: 'gm-period', 'aria-live': 'polite'}, title, count), h('div', {class: 'gm-steps'}, steps), h('div', {class: 'gm-links'}, everything, other)),
        track);

    function pick(a, b) {
        choose(bins[Math.min(a, b)][0], bins[Math.max(a, b)][1]);
    }

    function binAt(event) {
        const rtl = getComputedStyle(track).direction === 'rtl';
        const {left, right, width} = track.getBoundingClientRect();
        const along = rtl ? right - event.clientX : event.clientX - left;
        return Math.max(0, Math.min(bins.length - 1, Math.floor(along / width * bins.length)));
    }

    function grab(event) {
        if (event.button) return;
        const from = binAt(event);
        const which = event.target.dataset.handle;
        let moved = false;
        const move = (e) => {
            const k = binAt(e);
            if (!which && k === from && !moved) return;
            moved = true;
            if (which === 'since') pick(Math.min(k, chosen[1]), chosen[1]);
            else if (which === 'until') pick(chosen[0], Math.max(k, chosen[0]));
            else pick(from, k);
        };
        const drop = () => {
            removeEventListener('pointermove', move);
            if (moved || which) return;
            if (event.shiftKey && !all) return compare(bins[from]);
            // The chosen day once more gives all days back.
            if (!all && chosen[0] === from && chosen[1] === from) choose(null, null);
            else pick(from, from);
        };
        stop();
        addEventListener('pointermove', move);
        addEventListener('pointerup', drop, {once: true});
    }

    function arrows(event) {
        if (event.target.dataset.handle) return;
        const at = Number(event.target.dataset.k);
        const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
        if (event.key === 'Enter' || event.key === ' ') pick(at, at);
        else if (by) focusBar(at + (getComputedStyle(track).direction === 'rtl' ? -by : by));
        else if (event.key === 'Home') focusBar(0);
        else if (event.key === 'End') focusBar(bins.length - 1);
        else return;
        event.preventDefault();
    }

    function focusBar(k) {
        buttons.forEach((button, other) => button.tabIndex = other === k ? 0 : -1);
        buttons[k]?.focus();
    }

    function handle(name, to) {
        return h('span', {class: `gm-handle gm-${name}`, role: 'slider', tabindex: '0', 'data-handle': name, 'aria-label': t(name),
            'aria-valuemin': 0, 'aria-valuemax': bins.length - 1, onkeydown: (event) => {
                const now = chosen[name === 'since' ? 0 : 1];
                const k = {ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1, Home: 0, End: bins.length - 1}[event.key];
                if (k === undefined) return;
                event.preventDefault();
                to(Math.max(0, Math.min(bins.length - 1, k)));
            }});
    }

    /** Move the period by its own length; false at the end. */
    function step(by) {
        const size = all ? 1 : chosen[1] - chosen[0] + 1;
        const from = all ? (by > 0 ? 0 : bins.length - 1) : chosen[0] + by * size;
        if (from < 0 || from + size > bins.length) return false;
        pick(from, from + size - 1);
        return true;
    }

    function toggle() {
        if (ticking) return stop();
        play.textContent = '❚❚';
        play.setAttribute('aria-label', t('pause'));
        if (!all && chosen[1] === bins.length - 1) pick(0, chosen[1] - chosen[0]);
        else step(1);
        ticking = setInterval(() => step(1) || stop(), STEP_MS);
    }

    function stop() {
        clearInterval(ticking);
        ticking = 0;
        play.textContent = '▶';
        play.setAttribute('aria-label', t('play'));
    }

    function update(choice, selection) {
        all = choice.undated;
        const inside = ([from, to]) => all || (from <= choice.until && to >= choice.since);
        const totals = bins.map(([from, to]) => sum(selection.days, from - first, to - first, types.length));
        const heights = totals.map((counts) => counts.reduce((a, b) => a + b, 0));
        const most = Math.max(1, ...heights);
        const room = track.clientWidth / bins.length;
        const every = Math.max(1, Math.ceil(48 / Math.max(room, 1)));
        buttons.forEach((button, k) => {
            const on = inside(bins[k]);
            button.classList.toggle('gm-on', on && !all);
            button.classList.toggle('gm-gap', 'gap' in button.dataset && !heights[k]);
            button.classList.toggle('gm-labelled', k % every === 0 || (on && !all && chosen[0] === chosen[1]));
            button.setAttribute('aria-pressed', on);
            button.setAttribute('aria-label', `${period(iso(bins[k][0]), iso(bins[k][1]))}: ${t('incidents', {n: heights[k]})}`);
            button.firstChild.replaceChildren(...stack(on && room >= 10 ? totals[k] : null, heights[k], most));
        });
        const from = all ? 0 : Math.max(0, bins.findIndex(inside));
        const to = all ? bins.length - 1 : Math.max(from, bins.findLastIndex(inside));
        chosen = [from, to];
        brush.style.insetInlineStart = `${from / bins.length * 100}%`;
        brush.style.inlineSize = `${(to - from + 1) / bins.length * 100}%`;
        brush.classList.toggle('gm-whole', all);
        [start, end].forEach((grip, k) => {
            grip.setAttribute('aria-valuenow', chosen[k]);
            grip.setAttribute('aria-valuetext', day(iso(bins[chosen[k]][k])));
        });
        title.textContent = period(iso(bins[from][0]), iso(bins[to][1]), from === to && single ? 'weekday' : 'long');
        count.textContent = t('incidents', {n: selection.shown.length});
        everything.hidden = all || bins.length < 2;
        comparing = Boolean(choice.compare);
        other.hidden = !comparing && (all || from !== to || !from);
        if (!other.hidden) other.textContent = comparing ? t('compare_stop') : t('compare', {day: day(iso(bins[from - 1][0]), 'short')});
        if (comparing) {
            const {[NEW]: fresh, [GONE]: gone, [CHANGED]: changed} = selection.compared.counts;
            count.textContent = [t('new', {n: fresh}), t('gone', {n: gone}), changed && t('changed', {n: changed})].filter(Boolean).join(' · ');
        }
        buttons.forEach((button, k) => button.classList.toggle('gm-other', comparing && bins[k][0] === choice.compare[0]));
    }

    function stack(counts, height, most) {
        const tall = (n) => `${n / most * 100}%`;
        if (!counts) return height ? [h('i', {style: {'block-size': tall(height)}})] : [];
        return types.flatMap((type, k) => counts[k]
            ? [h('i', {class: 'gm-of-type', style: {'block-size': tall(counts[k]), '--light': type.light, '--dark': type.dark}})] : []);
    }
    return {element, update, stop};
}

function sum(days, from, to, kinds) {
    const total = new Uint32Array(kinds);
    for (let d = from; d <= to; d++) for (let k = 0; k < kinds; k++) total[k] += days[d][k];
    return total;
}
