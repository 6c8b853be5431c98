/** The page's two canvases as Leaflet layers. This module alone talks to Leaflet. */

import {readData} from './data.js';
import {readBase, drawBase} from './base.js';
import {compose, paint, hit} from './paint.js';
import {theme, onTheme} from './theme.js';

/* global L, pmtiles, protomapsL */

/** A canvas that Leaflet moves and scales with the map; `draw(ink, view)` fills it. */
function sheet(draw, pane, zIndex, padding) {
    const Sheet = L.Renderer.extend({
        options: {pane, padding},
        onAdd(map) {
            const element = map.getPane(pane) ?? map.createPane(pane);
            element.style.zIndex = zIndex;
            element.style.pointerEvents = 'none';
            L.Renderer.prototype.onAdd.call(this, map);
        },
        getEvents() {
            return {...L.Renderer.prototype.getEvents.call(this), move: this._keepUp};
        },
        _initContainer() {
            this._container = document.createElement('canvas');
            this._container.setAttribute('aria-hidden', 'true');
        },
        _destroyContainer() {
            this._container.remove();
            delete this._container;
        },
        _updatePaths() {},
        _reset() {
            // Leaflet's own would move the canvas by parts of a pixel, which blurs every letter.
            this._update();
        },
        _keepUp() {
            // A long drag leaves the canvas behind: draw again before its edge shows.
            if (this._map._animatingZoom || !this._bounds) return;
            const size = this._map.getSize();
            const corner = this._map.containerPointToLayerPoint([0, 0]);
            const seen = L.bounds(corner, corner.add(size));
            if (!this._bounds.contains(seen) && this._map.getZoom() === this._zoom) this._update();
        },
        _update() {
            if (this._map._animatingZoom && this._bounds) return;
            L.Renderer.prototype._update.call(this);
            const {x: width, y: height} = this._bounds.getSize();
            const ratio = this.ratio = Math.min(window.devicePixelRatio || 1, 3);
            const canvas = this._container;
            L.DomUtil.setPosition(canvas, this._bounds.min);
            if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
                canvas.width = Math.round(width * ratio);
                canvas.height = Math.round(height * ratio);
                canvas.style.width = `${width}px`;
                canvas.style.height = `${height}px`;
            }
            this.redraw();
        },
        redraw() {
            if (!this._map || !this._bounds) return;
            const {x: width, y: height} = this._bounds.getSize();
            const corner = this._map.getPixelOrigin().add(this._bounds.min);
            const zoom = this._map.getZoom();
            const {x: edge, y: rim} = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
            const size = this._map.getSize();
            this.view = {zoom, scale: 256 * 2 ** zoom, left: corner.x, top: corner.y, width, height,
                screen: [edge, rim, edge + size.x, rim + size.y]};
            this.ink ??= this._container.getContext('2d');
            this.ink.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
            this.ink.clearRect(0, 0, width, height);
            draw(this.ink, this.view, this.ratio);
        },
        drawInto(ink, view, ratio) {
            draw(ink, view, ratio);
        },
        /** Where a mouse event is, in pixels of the view. */
        at(event) {
            return event.layerPoint.subtract(this._bounds.min);
        },
    });
    return new Sheet();
}

/**
 * The basemap as a layer: land and sea under everything, tiles included.
 * @param {string} lines a data block with one JSON stream
 */
export function baseLayer(written, focus) {
    const base = readBase(written, document.documentElement.lang || 'en');
    const layer = sheet((ink, view) => drawBase(ink, view, base, theme(), focus), 'geomap-base', 150, 0.3);
    layer.base = base;
    onTheme(() => layer.redraw());
    return layer;
}

/**
 * Incidents as a layer.
 * `layer.ready` resolves to the data. `layer.show(shown, marks)` draws a selection. Fires `pick` with
 * `members` (numbers of incidents) or none, and `hover` with what lies under the mouse.
 * @param {string} id of the element that holds the data block
 */
export function incidentLayer(id) {
    let scene = null;
    let painted = null;
    const layer = sheet(drawIncidents, 'geomap-incidents', 450, 0.2);
    Object.assign(layer, {data: null, base: null, selected: -1, marks: null});

    function drawIncidents(ink, view, ratio) {
        if (!scene) return;
        const {data, base, selected, marks} = layer;
        const done = paint(ink, view, data, scene, {theme: theme(data.head.types), base, selected, ratio, marks});
        if (ink === layer.ink) painted = done;
    }

    function under(event) {
        const {x, y} = layer.at(event);
        return painted && hit(painted, layer.ink, x, y, layer.ratio);
    }

    function membersOf(node) {
        const {scale, left, top} = layer.view;
        return Array.from(painted.points).filter((i) =>
            painted.owner(layer.data.x[i] * scale - left, layer.data.y[i] * scale - top) === node);
    }

    function click(event) {
        const found = under(event);
        layer.fire('hover', {found: null});
        if (!found) layer.fire('pick', {members: []});
        else if (found.area) layer.fire('pick', {members: found.area.members, area: found.area});
        else if (found.node.n === 1) layer.fire('pick', {members: [found.node.first]});
        else zoomOrPick(found.node);
    }

    function zoomOrPick(node) {
        const members = membersOf(node);
        const map = layer._map;
        const bounds = L.latLngBounds(members.map((i) => layer.latLng(i)));
        const zoom = map.getBoundsZoom(bounds, false, L.point(80, 80));
        if (node.shared || map.getZoom() >= map.getMaxZoom()) layer.fire('pick', {members});
        else map.flyTo(bounds.getCenter(), Math.max(map.getZoom() + 1, Math.min(zoom, map.getZoom() + 4)), {duration: 0.5});
    }

    function hover(event) {
        layer.fire('hover', {found: event.type === 'mousemove' ? under(event) : null, at: event.containerPoint});
    }

    layer.latLng = (i) => L.latLng(layer.data.columns.lat[i] / 1e6, layer.data.columns.lon[i] / 1e6);
    layer.show = (shown, marks = null) => {
        layer.marks = marks;
        scene = compose(layer.data, shown);
        layer.redraw();
    };
    layer.choose = (i) => {
        layer.selected = i;
        layer.redraw();
    };
    layer.on('add', () => layer._map.on({click, mousemove: hover, mouseout: hover}));
    layer.on('remove', () => layer._map?.off({click, mousemove: hover, mouseout: hover}));
    onTheme(() => layer.redraw());
    layer.ready = readData(document.getElementById(id).textContent).then((data) => (layer.data = data));
    return layer;
}

/**
 * A PMTiles file that lies in the page, as a layer over the basemap.
 * @param {Uint8Array} bytes
 * @returns {Promise<L.Layer>}
 */
export async function tileLayer({buffer}) {
    const file = new pmtiles.PMTiles({
        getKey: () => 'page',
        getBytes: async (start, length) => ({data: buffer.slice(start, start + length)}),
    });
    const {tileType, minZoom, maxZoom, minLon, minLat, maxLon, maxLat} = await file.getHeader();
    const bounds = [[minLat, minLon], [maxLat, maxLon]];
    if (tileType !== pmtiles.TileType.Mvt) return pmtiles.leafletRasterLayer(file, {bounds, minZoom, maxNativeZoom: maxZoom});
    const vectors = () => Object.assign(protomapsL.leafletLayer({
        url: file, bounds, minZoom, maxDataZoom: maxZoom, attribution: '',
        lang: document.documentElement.lang.split('-')[0], flavor: theme().name === 'dark' ? 'black' : 'white',
    }), {backgroundColor: null});
    const group = L.layerGroup([vectors()]);
    onTheme(() => group.clearLayers().addLayer(vectors()));
    return group;
}

/** Show an element in a popup over an incident. */
export const openPopup = (layer, i, element) => L.popup({maxWidth: 360, minWidth: 280, closeButton: false})
    .setLatLng(layer.latLng(i)).setContent(element).openOn(layer._map);

/** Bounds of incidents that have a point, or null. */
export function boundsOf({data: {columns: {lon, lat}, x}}, members) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const i of members) {
        if (x[i] !== x[i]) continue;
        box[0] = Math.min(box[0], lat[i]);
        box[1] = Math.min(box[1], lon[i]);
        box[2] = Math.max(box[2], lat[i]);
        box[3] = Math.max(box[3], lon[i]);
    }
    const [south, west, north, east] = box.map((micro) => micro / 1e6);
    return south <= north ? L.latLngBounds([[south, west], [north, east]]) : null;
}

/** Zoom buttons and a scale bar. */
export function addControls(map, zoomInTitle, zoomOutTitle) {
    const [end, start] = document.documentElement.dir === 'rtl' ? ['bottomleft', 'bottomright'] : ['bottomright', 'bottomleft'];
    L.control.zoom({position: end, zoomInTitle, zoomOutTitle}).addTo(map);
    L.control.scale({imperial: false, maxWidth: 120, position: start}).addTo(map);
    map.attributionControl?.setPrefix(false);
}

/**
 * A picture of the map as it stands, in the light colours, for paper.
 * @param {L.Map} map
 * @param {number} ratio pixels of the picture for one of the screen
 * @returns {string} address of the picture
 */
export function picture(map, ratio = 2) {
    const {x: width, y: height} = map.getSize();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width * ratio, height * ratio];
    const ink = canvas.getContext('2d');
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.fillStyle = theme().water;
    ink.fillRect(0, 0, width, height);
    const zoom = map.getZoom();
    const corner = map.containerPointToLayerPoint([0, 0]).add(map.getPixelOrigin());
    const view = {zoom, scale: 256 * 2 ** zoom, left: corner.x, top: corner.y, width, height, screen: [0, 0, width, height]};
    const sheets = [];
    map.eachLayer((layer) => layer.drawInto && sheets.push(layer));
    sheets.sort((a, b) => a.options.pane === 'geomap-base' ? -1 : b.options.pane === 'geomap-base' ? 1 : 0);
    for (const layer of sheets) layer.drawInto(ink, view, ratio);
    return canvas.toDataURL('image/png');
}

/** A small map of the surroundings with a frame where the large one is. */
export function locator(map, base) {
    const size = [124, 92];
    const canvas = document.createElement('canvas');
    const ratio = window.devicePixelRatio || 1;
    const draw = () => {
        // What shows half the world needs no map of where it is.
        canvas.hidden = map.getZoom() < 4;
        const zoom = Math.max(0, map.getZoom() - 5);
        const scale = 256 * 2 ** zoom;
        const middle = map.project(map.getCenter(), zoom);
        const [width, height] = size;
        const view = {zoom, scale, left: middle.x - width / 2, top: middle.y - height / 2, width, height};
        [canvas.width, canvas.height] = [width * ratio, height * ratio];
        const ink = canvas.getContext('2d');
        const colours = theme();
        ink.setTransform(ratio, 0, 0, ratio, 0, 0);
        ink.fillStyle = colours.water;
        ink.fillRect(0, 0, width, height);
        drawBase(ink, view, base, colours, new Set());
        const {x, y} = map.getSize().divideBy(2 ** (map.getZoom() - zoom));
        ink.strokeStyle = colours.accent;
        ink.lineWidth = 1.5;
        ink.strokeRect((width - x) / 2, (height - y) / 2, x, y);
    };
    map.on('moveend', draw);
    onTheme(draw);
    draw();
    return canvas;
}
