/** Wires the page: one state, the panels that show it, the map that draws it. */

import {h} from './h.js';
import {incidentLayer, baseLayer, boundsOf, locator, addControls} from './layers.js';
import {legend} from './legend.js';
import {timeline} from './timeline.js';
import {card, symbol} from './card.js';
import {list} from './list.js';
import {record} from './record.js';
import {select, actors, geoPrecision, SUPERSEDED, CORRECTION} from './select.js';
import {compare} from './compare.js';
import {Index} from './search.js';
import {preparePrint} from './print.js';
import {readState, writeState} from './state.js';
import {toCsv, toGeoJson, save} from './download.js';
import {NEVER, inflate} from './data.js';
import {speak, t, daysBetween, isoAfter, day, period, number} from './words.js';

const $ = (id) => document.getElementById(id);

/** The basemap of a page, from its data block. */
export async function basemap(map, id, layers) {
    const written = JSON.parse(new TextDecoder().decode(await inflate($(id).textContent.trim())));
    const layer = baseLayer(written, new Set(written.focus)).addTo(map);
    for (const incidents of layers) {
        incidents.base = layer.base;
        incidents.redraw();
    }
    $('gm-locator')?.append(locator(map, layer.base));
}

/**
 * A layer of incidents for any folium map: a click shows the card in a popup.
 * @param {string} id of the data block
 */
export function incidents(id) {
    const layer = incidentLayer(id);
    layer.ready.catch(() => $('gm-old')?.removeAttribute('hidden'));
    layer.ready.then((data) => {
        speak(data.head.words, data.head.language);
        const shown = select(data, defaultChoice(data)).shown;
        layer.show(shown);
        layer.on('pick', ({members}) => !layer.page && popup(layer, members));
    }, () => {});
    return layer;
}

function popup(layer, members) {
    const {data, _map: map} = layer;
    if (!members.length) return;
    const open = async (i) => {
        const type = data.head.types[data.columns.type[i]];
        const made = await record(data, i);
        show(card(made, {type, onclose: () => map.closePopup(), copy, copyLink: () => copy(location.href)}), i);
    };
    const show = (element, i) => {
        const frame = h('div', {class: 'gm-popup'}, element);
        L.popup({maxWidth: 360, minWidth: 280, closeButton: false}).setLatLng(layer.latLng(i)).setContent(frame).openOn(map);
    };
    if (members.length === 1) open(members[0]);
    else show(list(newestFirst(data, members), readers(data, open, () => {})), members[0]);
}

const readers = (data, open, point) =>
    ({read: (i) => record(data, i), type: (i) => data.head.types[data.columns.type[i]], open, point});

/** Incidents by day, the latest first; those of a day stay in order. */
const newestFirst = ({columns: {day}}, members) => Array.from(members).sort((a, b) => day[b] - day[a] || a - b);

/** What shows before the reader has chosen anything. */
export function defaultChoice({head}) {
    const types = new Set(head.types.flatMap((type, k) => type.shown ? [k] : []));
    const everything = {since: 0, until: NEVER - 1, undated: true, types, certainty: 'all', background: false, actor: '', match: null, search: '', compare: null};
    const [, last] = head.period;
    return head.start === 'last-day' ? {...everything, since: last, until: last, undated: false} : everything;
}

/**
 * The whole page round a map.
 * @param {L.Map} map
 * @param {Object} layer from `incidents`
 */
export async function page(map, layer) {
    layer.page = true;
    const data = await layer.ready.catch(() => null);
    if (!data) return;
    const {head} = data;
    speak(head.words, head.language);
    const index = new Index(data);
    const from = readState(location.hash);
    let choice = {...defaultChoice(data), ...choiceOf(from, head)};
    let selection;
    let selected = -1;
    let selectedId = null;
    let searching = 0;
    let side = null;
    let kept = {};
    let recalling = true;

    const filters = legend(head.types, actors(data), {toggle, search, actor: (actor) => change({actor}), everywhere: () => fit(false), unplaced: () => showList(unplaced(), t('unplaced_title')),
        certainty: (certainty) => change({certainty}), background: (background) => change({background})});
    const [first, last] = head.period;
    const issued = new Set(head.documents.flatMap(([, , date]) => date ? [daysBetween(head.day0, date)] : []));
    const line = timeline({first, last, day0: head.day0, types: head.types, issued}, (since, until) =>
        change({compare: null, ...since === null ? {since: 0, until: NEVER - 1, undated: true} : {since, until, undated: false}}),
    (days) => change({compare: days}));
    const tip = h('div', {class: 'gm-tip', hidden: true});
    const live = h('p', {class: 'gm-live', 'aria-live': 'polite'});
    build();

    function change(patch) {
        choice = {...choice, ...patch};
        refresh();
        remember();
    }

    function refresh() {
        selection = select(data, choice);
        if (choice.compare) {
            const [since, until] = choice.compare;
            selection.compared = compare(data, selection.shown, select(data, {...choice, since, until}).shown);
        }
        layer.show(selection.compared?.drawn ?? selection.shown, selection.compared?.marks);
        filters.update(choice, selection);
        line.update(choice, selection);
        $('gm-subtitle').textContent = subtitle();
        filters.outside(outside());
        live.textContent = t('incidents', {n: selection.shown.length});
        if (side === 'list') showList(Array.from(selection.shown), t('list'), false);
    }

    function toggle(k, only) {
        const types = new Set(choice.types);
        const alone = types.size === 1 && types.has(k);
        if (only) change({types: alone ? defaultChoice(data).types : new Set([k])});
        else {
            if (!types.delete(k)) types.add(k);
            change({types});
        }
    }

    async function search(query) {
        const turn = ++searching;
        const match = await index.find(query, () => turn !== searching);
        if (turn === searching) change({search: query.trim() ? query : '', match});
    }

    function subtitle() {
        const all = choice.undated;
        const [a, b] = all ? [first, last] : [choice.since, Math.min(choice.until, NEVER - 1)];
        const dates = head.n ? period(isoAfter(head.day0, a), isoAfter(head.day0, b), a === b ? 'full' : 'long') : '';
        const documents = documentsShown().length;
        return [a === b && dates ? day(isoAfter(head.day0, a), 'full') : dates,
            t('incidents', {n: selection.shown.length}) + (documents ? ` ${t('from_bulletins', {n: documents})}` : '')]
            .filter(Boolean).join(' · ');
    }

    function documentsShown() {
        return [...new Set(Array.from(selection.shown, (i) => data.columns.document[i]))].map((k) => head.documents[k]);
    }

    function unplaced() {
        return Array.from(selection.shown).filter((i) => data.x[i] !== data.x[i]);
    }

    async function open(i, back = null) {
        line.stop();
        const made = await record(data, i);
        selected = i;
        selectedId = made.id;
        layer.choose(i);
        const type = head.types[data.columns.type[i]];
        const shown = card(made, {type, onclose: back ?? close, copy, copyLink: () => copy(location.href), ...await otherMentions(i)});
        if (back) shown.prepend(h('button', {class: 'gm-back', onclick: back}, `‹ ${t('back')}`));
        setSide('card', shown);
        bringIntoView(i);
        remember();
        shown.focus({preventScroll: true});
    }

    /** Bulletins that tell the same event, and what they told otherwise. */
    async function otherMentions(i) {
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

    function bringIntoView(i) {
        if (data.x[i] !== data.x[i]) return;
        const at = map.latLngToContainerPoint(layer.latLng(i));
        const {x, y} = map.getSize();
        const [start, top, end, bottom] = hidden();
        const out = at.x < start + 10 || at.x > x - end - 10 || at.y < top + 10 || at.y > y - bottom - 10;
        if (out) map.panBy([at.x - (start + x - end) / 2, at.y - (top + y - bottom) / 2]);
    }

    /** How much of the map the panels cover: left, top, right, bottom. */
    function hidden() {
        const frame = map.getContainer().getBoundingClientRect();
        const cover = [0, 0, 0, 0];
        for (const panel of document.querySelectorAll('.gm-panel, .gm-side')) {
            const box = panel.getBoundingClientRect();
            if (!box.width || panel.hidden) continue;
            if (box.width > frame.width * 0.7) cover[3] = Math.max(cover[3], frame.bottom - box.top);
            else if (box.left - frame.left < frame.right - box.right) cover[0] = Math.max(cover[0], box.right - frame.left);
            else cover[2] = Math.max(cover[2], frame.right - box.left);
        }
        return cover;
    }

    function showList(members, title, focus = true) {
        const again = () => showList(members, title);
        const body = list(newestFirst(data, members), readers(data, (i) => open(i, again), (i) => layer.choose(i)));
        setSide(title === t('list') ? 'list' : 'some', h('section', {class: 'gm-list-panel', tabindex: '-1', 'aria-label': title},
            h('header', {}, h('h2', {}, title), h('small', {}, t('incidents', {n: members.length})),
                h('button', {class: 'gm-close', 'aria-label': t('close'), onclick: close}, '×')), body));
        if (focus) $('gm-side').firstChild.focus({preventScroll: true});
        remember();
    }

    function setSide(kind, element) {
        side = kind;
        const panel = $('gm-side');
        panel.hidden = !element;
        panel.replaceChildren(...element ? [element] : []);
        panel.dataset.kind = kind ?? '';
        document.querySelectorAll('.gm-nav [data-view]').forEach((button) =>
            button.setAttribute('aria-pressed', (button.dataset.view === 'list') === (kind === 'list')));
    }

    function close() {
        selected = -1;
        selectedId = null;
        layer.choose(-1);
        setSide(null);
        remember();
    }

    function state() {
        const {lat, lng: lon} = map.getCenter();
        const usual = defaultChoice(data);
        const iso = (n) => isoAfter(head.day0, n);
        return {
            zoom: map.getZoom(), lat, lon,
            ...choice.undated ? (usual.undated ? {} : {since: iso(first), until: iso(last)}) : {since: iso(choice.since), until: iso(choice.until)},
            types: same(choice.types, usual.types) ? undefined : [...choice.types].sort((a, b) => a - b).map((k) => head.types[k].id),
            certainty: choice.certainty, background: choice.background, actor: choice.actor, search: choice.search,
            compare: choice.compare ? iso(choice.compare[0]) : undefined,
            incident: side === 'card' ? selectedId : null, list: side === 'list',
        };
    }

    /** Write the state to the address; a card or a list that opens or closes can be taken back. */
    function remember() {
        const now = state();
        const step = !recalling && (now.incident !== kept.incident || now.list !== kept.list);
        kept = now;
        try {
            history[step ? 'pushState' : 'replaceState'](null, '', writeState(now));
        } catch {
            // A sandboxed frame keeps no history; the page works without.
        }
    }

    async function recall(wanted) {
        recalling = true;
        choice = {...defaultChoice(data), ...choiceOf(wanted, head)};
        if (wanted.zoom != null) map.setView([wanted.lat, wanted.lon], wanted.zoom, {animate: false});
        refresh();
        if (wanted.search) await search(wanted.search);
        if (wanted.list) showList(Array.from(selection.shown), t('list'), false);
        const i = wanted.incident ? await data.text.find(wanted.incident) : -1;
        if (i >= 0) await open(i);
        if (i < 0 && !wanted.list && side) close();
        recalling = false;
    }

    async function download(form) {
        const records = await Promise.all(Array.from(selection.shown, (i) => record(data, i)));
        const name = `incidents-${isoAfter(head.day0, choice.undated ? last : choice.until)}`;
        if (form === 'csv') save(`${name}.csv`, 'text/csv', toCsv(records, Object.keys(head.fields)));
        else save(`${name}.geojson`, 'application/geo+json', toGeoJson(records));
    }

    function build() {
        document.documentElement.lang = head.language;
        const has = (panel) => head.panels.includes(panel);
        $('gm-nav').append(...[
            has('list') && h('button', {'data-view': 'map', 'aria-pressed': 'true', onclick: close}, t('map')),
            has('list') && h('button', {'data-view': 'list', 'aria-pressed': 'false', onclick: () => showList(Array.from(selection.shown), t('list'))}, t('list')),
            has('download') && menu(t('download'), [['GeoJSON', () => download('geojson')], ['CSV', () => download('csv')]]),
            has('share') && h('button', {onclick: () => copy(location.href)}, t('share')),
            document.fullscreenEnabled && h('button', {class: 'gm-fullscreen', 'aria-label': t('fullscreen'), title: t('fullscreen'), onclick: () =>
                document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()}, '⛶')].filter(Boolean));
        const narrow = matchMedia('(max-width: 719px), (max-height: 500px)').matches;
        $('gm-panel').append(h('details', {open: !narrow}, h('summary', {}, t('filters')), filters.element));
        $('gm-timeline').append(line.element);
        $('gm-timeline').hidden = !has('timeline') || !head.n;
        $('gm-panel').hidden = !has('filters');
        $('gm-locator').hidden = !has('locator');
        map.getContainer().setAttribute('aria-label', t('map_label'));
        map.getContainer().append(tip);
        document.body.append(live, h('p', {id: 'gm-note', class: 'gm-note', role: 'status'}));
        addControls(map, t('zoom_in'), t('zoom_out'));
        preparePrint(map, () => documentsShown().map(([, title, , source]) => title || source));
        layer.on('pick', ({members, area}) => {
            if (!members.length) return side === 'list' ? null : close();
            return members.length === 1 ? open(members[0]) : showList(members, area ? area.name : t('here'));
        });
        layer.on('hover', ({found, at}) => {
            map.getContainer().classList.toggle('gm-over', Boolean(found));
            tip.hidden = !found;
            if (!found) return;
            tip.replaceChildren(...describe(found));
            tip.style.transform = `translate(${at.x + 14}px, ${at.y + 14}px)`;
        });
        map.on('moveend', () => {
            remember();
            filters.outside(outside());
        });
        addEventListener('hashchange', () => recall(readState(location.hash)));
        new ResizeObserver(() => {
            map.invalidateSize({animate: false});
            line.update(choice, selection);
        }).observe(map.getContainer());
        addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && side) close();
            if (event.key === '/' && !event.target.closest('input')) {
                event.preventDefault();
                $('gm-panel').firstChild.open = true;
                filters.focus();
            }
        });
    }

    function describe({node, area}) {
        const counts = node?.n > 1 ? node.types : area?.types;
        const many = node?.n > 1 || area;
        if (!many) {
            const i = node.first;
            return [h('b', {}, head.types[data.columns.type[i]].label), ' ', h('span', {dir: 'auto'}, head.places[data.columns.place[i]][0])];
        }
        const rows = Array.from(counts).flatMap((n, k) => n ? [h('span', {class: 'gm-tip-row'}, symbol(head.types[k], 14), `${number(n)} ${head.types[k].label}`)] : []);
        return [h('b', {dir: 'auto'}, area ? t('area', {n: area.count, place: area.name}) : t('incidents', {n: node.n})), ...rows];
    }

    selection = select(data, choice);
    map.invalidateSize({animate: false});
    if (from.zoom == null) fit();
    await recall(from);

    /** Show what is chosen; `most` leaves out what lies so far off that the rest would shrink to a dot. */
    function fit(most = true) {
        const all = select(data, {...choice, since: 0, until: NEVER - 1, undated: true, match: null}).shown;
        const near = (shown) => Array.from(shown).filter((i) => geoPrecision(data.columns.flags[i]) < 4);
        const members = [near(selection.shown), near(all), Array.from(all), [...data.x.keys()]]
            .find((some) => some.some((i) => data.x[i] === data.x[i]));
        if (most && head.extent) {
            const [west, south, east, north] = head.extent;
            return map.fitBounds([[south, west], [north, east]], {animate: false});
        }
        if (!members) return;
        const [start, top, end, bottom] = hidden();
        const room = {paddingTopLeft: [start + 30, top + 30], paddingBottomRight: [end + 30, bottom + 50], maxZoom: 11, animate: !most};
        const zoom = (bounds) => map.getBoundsZoom(bounds, false, [start + end + 60, top + bottom + 80]);
        const [whole, core] = [members, middleOf(data, members)].map((some) => boundsOf(layer, some));
        map.fitBounds(most && zoom(core) > zoom(whole) + Math.log2(3) ? core : whole, room);
    }

    function outside() {
        const view = map.getBounds();
        return Array.from(selection.shown).filter((i) => data.x[i] === data.x[i] && !view.contains(layer.latLng(i))).length;
    }
}

/** The four fifths of incidents that lie nearest to the middle one; as in geomap/draw/scene.py. */
function middleOf({x, y}, members) {
    const placed = members.filter((i) => x[i] === x[i]);
    const middle = (axis) => Float64Array.from(placed, (i) => axis[i]).sort()[placed.length >> 1];
    const [mx, my] = [middle(x), middle(y)];
    const away = (i) => Math.hypot(x[i] - mx, y[i] - my);
    return placed.sort((a, b) => away(a) - away(b)).slice(0, Math.ceil(placed.length * 0.8));
}

/** What a link says of the filters, as far as this data knows the words. */
function choiceOf({since, until, types, certainty, background, actor, search, compare: other}, head) {
    const choice = {};
    if (since) Object.assign(choice, {since: daysBetween(head.day0, since), until: daysBetween(head.day0, until), undated: false});
    if (since && choice.since <= head.period[0] && choice.until >= head.period[1]) Object.assign(choice, {since: 0, until: NEVER - 1, undated: true});
    if (other && choice.undated === false) choice.compare = Array(2).fill(daysBetween(head.day0, other));
    if (types) choice.types = new Set(types.map((id) => head.types.findIndex((type) => type.id === id)).filter((k) => k >= 0));
    if (certainty) choice.certainty = certainty;
    if (background) choice.background = true;
    if (actor && head.actors.some((names) => names.includes(actor))) choice.actor = actor;
    if (search) choice.search = search;
    return choice;
}

const same = (a, b) => a.size === b.size && [...a].every((value) => b.has(value));

function menu(label, items) {
    const box = h('details', {class: 'gm-menu'}, h('summary', {}, label),
        h('div', {}, items.map(([name, act]) => h('button', {onclick: () => { box.open = false; act(); }}, name))));
    box.addEventListener('focusout', (event) => box.contains(event.relatedTarget) || (box.open = false));
    return box;
}

/** Copy a text and say so. */
async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        note(t('copied'));
    } catch {
        note(text);
    }
}

function note(text) {
    const box = $('gm-note');
    if (!box) return;
    box.textContent = text;
    box.classList.add('gm-shows');
    setTimeout(() => box.classList.remove('gm-shows'), 4000);
}
