/** Wires the page: one state, the panels that show it, the map that draws it. */

import {h} from './h.js';
import {incidentLayer, baseLayer, tileLayer, locator, addControls, openPopup} from './layers.js';
import {fit, bringIntoView, countOutside} from './extent.js';
import {legend} from './legend.js';
import {timeline} from './timeline.js';
import {sidePanel, listOf, cardOf} from './side.js';
import {tooltip} from './tip.js';
import {record} from './record.js';
import {select, actors} from './select.js';
import {compare} from './compare.js';
import {choiceOf, defaultChoice, periodOf, stateOf} from './choice.js';
import {Index} from './search.js';
import {preparePrint} from './print.js';
import {readState, writeState} from './state.js';
import {toCsv, toGeoJson, save} from './download.js';
import {inflate, fromBase64} from './data.js';
import {menu, copy, fullScreen} from './widgets.js';
import {speak, t, daysBetween, isoAfter, day, period} from './words.js';

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

/** A PMTiles file of a page, from its data block. */
export const tiles = async (map, id) => (await tileLayer(fromBase64($(id).textContent.trim()))).addTo(map);

/**
 * A layer of incidents for any folium map: a click shows the card in a popup.
 * @param {string} id of the data block
 */
export function incidents(id) {
    const layer = incidentLayer(id);
    layer.ready.then((data) => {
        speak(data.head.words, data.head.language);
        layer.show(select(data, defaultChoice(data)).shown);
        layer.on('pick', ({members}) => !layer.page && members.length && popup(layer, members));
    }, () => $('gm-old')?.removeAttribute('hidden'));
    return layer;
}

async function popup(layer, members) {
    const {data} = layer;
    const show = (element, i) => openPopup(layer, i, h('div', {class: 'gm-popup'}, element));
    const open = async (i) => show(await cardOf(data, i, () => layer._map.closePopup()), i);
    if (members.length === 1) await open(members[0]);
    else show(listOf(data, members, open, () => {}), members[0]);
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
    const [first, last] = head.period;
    const index = new Index(data);
    const wanted = readState(location.hash);
    let choice = {...defaultChoice(data), ...choiceOf(wanted, head)};
    let selection = select(data, choice);
    let searching = 0;
    let kept = {};
    let recalling = true;

    const filters = legend(head.types, actors(data), {
        toggle, search,
        certainty: (certainty) => change({certainty}),
        background: (background) => change({background}),
        actor: (actor) => change({actor}),
        unplaced: () => side.showList(Array.from(selection.shown).filter((i) => data.x[i] !== data.x[i]), t('unplaced_title')),
        everywhere: () => fitAll(false),
        allDays: () => {
            change({...periodOf(null, null), compare: null});
            if (countOutside(map, layer, selection.shown) === selection.shown.length) fitAll(false);
        },
    });
    const issued = new Set(head.documents.flatMap(([, , date]) => date ? [daysBetween(head.day0, date)] : []));
    const line = timeline({first, last, day0: head.day0, types: head.types, issued},
        (since, until) => change({compare: null, ...periodOf(since, until)}), (days) => change({compare: days}));
    const side = sidePanel($('gm-side'), data, {
        choose: layer.choose,
        arrange: (i) => bringIntoView(map, layer, i),
        changed: (kind) => {
            if (kind === 'card') line.stop();
            for (const button of document.querySelectorAll('.gm-nav [data-view]')) {
                button.setAttribute('aria-pressed', (button.dataset.view === 'list') === (kind === 'list'));
            }
            remember();
        },
    });
    const live = h('p', {class: 'gm-live', 'aria-live': 'polite'});

    build();
    listen();
    map.invalidateSize({animate: false});
    if (wanted.zoom == null) fitAll(true);
    await recall(wanted);

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
        filters.outside(countOutside(map, layer, selection.shown));
        line.update(choice, selection);
        $('gm-subtitle').textContent = subtitle();
        live.textContent = t('incidents', {n: selection.shown.length});
        if (side.kind === 'list') showAll(false);
    }

    function toggle(k, only) {
        const types = new Set(choice.types);
        if (only) change({types: types.size === 1 && types.has(k) ? defaultChoice(data).types : new Set([k])});
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

    function showAll(focus = true) {
        side.showList(Array.from(selection.shown), t('list'), {all: true, focus});
    }

    function fitAll(most) {
        if (most && head.extent) {
            const [west, south, east, north] = head.extent;
            map.fitBounds([[south, west], [north, east]], {animate: false});
        } else {
            const all = select(data, {...choice, ...periodOf(null, null), match: null}).shown;
            fit(map, layer, [selection.shown, all, data.x.keys()], most);
        }
    }

    function documentsShown() {
        return [...new Set(Array.from(selection.shown, (i) => data.columns.document[i]))].map((k) => head.documents[k]);
    }

    function subtitle() {
        if (!head.n) return t('incidents', {n: 0});
        const [since, until] = (choice.undated ? head.period : [choice.since, choice.until]).map((n) => isoAfter(head.day0, n));
        const documents = documentsShown().length;
        const counts = [t('incidents', {n: selection.shown.length}), documents ? t('from_bulletins', {n: documents}) : ''].join(' ').trim();
        return head.dated ? `${since === until ? day(since, 'full') : period(since, until)} · ${counts}` : counts;
    }

    /** Write the state to the address; a card or a list that opens or closes can be taken back. */
    function remember() {
        const {lat, lng: lon} = map.getCenter();
        const now = {zoom: map.getZoom(), lat, lon, ...stateOf(choice, data), incident: side.incident, list: side.kind === 'list'};
        const step = !recalling && (now.incident !== kept.incident || now.list !== kept.list);
        kept = now;
        try {
            history[step ? 'pushState' : 'replaceState'](null, '', writeState(now));
        } catch {
            // A sandboxed frame keeps no history; the page works without.
        }
    }

    async function recall(state) {
        recalling = true;
        choice = {...defaultChoice(data), ...choiceOf(state, head)};
        if (state.zoom != null) map.setView([state.lat, state.lon], state.zoom, {animate: false});
        refresh();
        if (state.search) await search(state.search);
        const i = state.incident ? await data.text.find(state.incident) : -1;
        if (i >= 0) await side.open(i, state.list ? showAll : null);
        else if (state.list) showAll(false);
        else if (side.kind) side.close();
        recalling = false;
    }

    async function download(form) {
        const records = await Promise.all(Array.from(selection.shown, (i) => record(data, i)));
        const name = `incidents-${isoAfter(head.day0, choice.undated ? last : choice.until)}`;
        if (form === 'csv') save(`${name}.csv`, 'text/csv', toCsv(records, Object.keys(head.fields)));
        else save(`${name}.geojson`, 'application/geo+json', toGeoJson(records));
    }

    function build() {
        const has = (panel) => head.panels.includes(panel);
        const narrow = matchMedia('(max-width: 719px), (max-height: 500px)').matches;
        $('gm-nav').append(...[
            has('list') && h('button', {'data-view': 'map', 'aria-pressed': 'true', onclick: side.close}, t('map')),
            has('list') && h('button', {'data-view': 'list', 'aria-pressed': 'false', onclick: () => showAll()}, t('list')),
            has('download') && menu(t('download'), [['GeoJSON', () => download('geojson')], ['CSV', () => download('csv')]]),
            has('share') && h('button', {onclick: () => copy(location.href)}, t('share')),
            fullScreen()].filter(Boolean));
        $('gm-panel').append(h('details', {open: !narrow}, h('summary', {}, t('filters')), filters.element));
        $('gm-panel').hidden = !has('filters');
        $('gm-timeline').append(line.element);
        $('gm-timeline').hidden = !has('timeline') || !head.n;
        $('gm-locator').hidden = !has('locator');
        map.getContainer().setAttribute('aria-label', t('map_label'));
        document.body.append(live, h('p', {id: 'gm-note', class: 'gm-note', role: 'status'}));
        addControls(map, t('zoom_in'), t('zoom_out'));
        preparePrint(map, () => documentsShown().map(([, title, , source]) => title || source));
    }

    function listen() {
        layer.on('hover', tooltip(map.getContainer(), data));
        layer.on('pick', ({members, area}) => {
            if (members.length > 1) side.showList(members, area ? area.name : t('here'));
            else if (members.length) side.open(members[0]);
            else if (side.kind && side.kind !== 'list') side.close();
        });
        map.on('moveend', () => {
            remember();
            filters.outside(countOutside(map, layer, selection.shown));
        });
        addEventListener('hashchange', () => recall(readState(location.hash)));
        addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && side.kind) side.close();
            if (event.key !== '/' || event.target.closest('input, select')) return;
            event.preventDefault();
            $('gm-panel').firstChild.open = true;
            filters.focus();
        });
        new ResizeObserver(() => {
            map.invalidateSize({animate: false});
            line.update(choice, selection);
        }).observe(map.getContainer());
    }
}
