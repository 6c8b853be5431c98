import test from 'node:test';
import assert from 'node:assert/strict';
import {compose} from '../../maps/page/paint.js';
import {radiusInPixels} from '../../maps/page/areas.js';

const data = (rows) => ({
    head: {places: rows.map((_, i) => [`Place ${i}`]), types: [{}, {}], areas: [[[0, 0, 1, 0, 0, 1]]], origins: [['Far', 1, 2]]},
    columns: {
        flags: rows.map(({precision = 1}) => precision), radius: rows.map(({radius = 0}) => radius), area: rows.map(({area = 0}) => area),
        origin: rows.map(({origin = 0}) => origin), place: rows.map(({place}, i) => place ?? i), type: rows.map(({type = 0}) => type),
    },
    x: Float64Array.from(rows, ({placed = true}) => placed ? 0.5 : NaN), y: new Float64Array(rows.length),
});

test('a region is an area, whatever its precision is said to be', () => {
    const {points, areas} = compose(data([{}, {precision: 3}, {radius: 112, area: 1}, {radius: 90}, {radius: 3, area: 1}]), [0, 1, 2, 3, 4]);
    assert.deepEqual(Array.from(points), [0, 4]);
    assert.deepEqual(areas.map(({members}) => members), [[1], [2], [3]]);
});

test('incidents of one region share its area, counted by type', () => {
    const {areas: [area]} = compose(data([{precision: 3, place: 0}, {precision: 3, place: 0, type: 1}]), [0, 1]);
    assert.deepEqual([area.members, Array.from(area.types)], [[0, 1], [1, 1]]);
});

test('without a place there is nothing to draw; one way is one arc', () => {
    const {points, arcs} = compose(data([{placed: false}, {origin: 1, place: 7}, {origin: 1, place: 7}].map((row) => ({place: 0, ...row}))), [0, 1, 2]);
    assert.deepEqual([points.length, arcs.length], [2, 1]);
});

test('a kilometre is longer in pixels towards the poles', () => {
    const equator = radiusInPixels(1000, 0.5, 40075017);
    assert.ok(Math.abs(equator - 1000) < 1);
    assert.ok(Math.abs(radiusInPixels(1000, 0.29, 40075017) / equator - Math.cosh(0.21 * 2 * Math.PI)) < 0.01);
});
