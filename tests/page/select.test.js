import test from 'node:test';
import assert from 'node:assert/strict';
import {select, actors, fold} from '../../maps/page/select.js';
import {NEVER} from '../../maps/page/data.js';

const NO = NaN;

/** Data of a few incidents: day, type, and what else matters to a case. */
function data(rows) {
    const of = (name, usual) => rows.map((row) => row[name] ?? usual);
    const events = [...new Set(rows.map((row, i) => row.event ?? `own ${i}`))];
    return {
        n: rows.length,
        head: {types: [{id: 'battle'}, {id: 'unrest'}], period: [0, 4], events: events.length, actors: rows.map((row) => row.actors ?? [])},
        columns: {
            day: of('day', 0), days: of('days', 0), type: of('type', 0),
            flags: rows.map((row) => (row.precision ?? 1) | (row.background ? 8 : 0) | (row.modality ?? 0) << 4),
            event: rows.map((row, i) => events.indexOf(row.event ?? `own ${i}`)),
            radius: of('radius', 0), area: of('area', 0), told: of('told', 0), actors: rows.map((_, i) => i),
        },
        x: Float64Array.from(rows, (row) => row.placed === false ? NO : 0.5),
    };
}

const everything = {since: 0, until: NEVER - 1, undated: true, types: new Set([0, 1]), certainty: 'all', background: false, match: null};
const shown = (rows, choice) => Array.from(select(data(rows), {...everything, ...choice}).shown);

test('the last day counts', () => {
    const rows = [{day: 1}, {day: 2}, {day: 3}, {day: 4}];
    assert.deepEqual(shown(rows, {since: 2, until: 3, undated: false}), [1, 2]);
});

test('what lasts from before into the period shows', () => {
    assert.deepEqual(shown([{day: 0, days: 3}, {day: 0, days: 1}], {since: 2, until: 4, undated: false}), [0]);
});

test('without a day an incident shows only when every day does', () => {
    assert.deepEqual(shown([{day: NEVER}], {}), [0]);
    assert.deepEqual(shown([{day: NEVER}], {since: 0, until: 4, undated: false}), []);
});

test('day and type cross', () => {
    const rows = [{day: 1, type: 0}, {day: 1, type: 1}, {day: 2, type: 0}];
    assert.deepEqual(shown(rows, {since: 1, until: 1, undated: false, types: new Set([1])}), [1]);
});

test('the count of a type leaves its own filter out, that of a day its own', () => {
    const rows = [{day: 1, type: 0}, {day: 1, type: 1}, {day: 2, type: 1}];
    const {types, days} = select(data(rows), {...everything, since: 1, until: 1, undated: false, types: new Set([0])});
    assert.deepEqual(Array.from(types), [1, 1]);
    assert.deepEqual(days.map((counts) => Array.from(counts)), [[0, 0], [1, 0], [0, 0], [0, 0], [0, 0]]);
});

test('a past event shows only when asked for, and is counted', () => {
    const rows = [{background: true}, {}];
    assert.deepEqual(shown(rows, {}), [1]);
    assert.equal(select(data(rows), everything).background, 1);
    assert.deepEqual(shown(rows, {background: true}), [0, 1]);
});

test('an event told twice counts once, by the first mention that passes', () => {
    const rows = [{event: 'raid', modality: 1}, {event: 'raid', modality: 0}, {}];
    assert.deepEqual(shown(rows, {}), [0, 2]);
    assert.deepEqual(shown(rows, {certainty: 'confirmed'}), [1, 2]);
});

test('what a later bulletin told otherwise does not count', () => {
    assert.deepEqual(shown([{event: 'raid', told: 1, day: 1}, {event: 'raid', told: 2, day: 2}], {}), [1]);
});

test('certainty asks for an exact place or for a fact', () => {
    const rows = [{precision: 1}, {precision: 3}, {precision: 0}, {precision: 2, modality: 1}];
    assert.deepEqual(shown(rows, {certainty: 'place'}), [0, 3]);
    assert.deepEqual(shown(rows, {certainty: 'confirmed'}), [0, 1, 2]);
    const wide = [{radius: 20}, {radius: 20, area: 1}, {radius: 3, area: 1}, {radius: 90}];
    assert.deepEqual(shown(wide, {certainty: 'place'}), [0, 2]);
});

test('an actor leaves what it takes part in', () => {
    const rows = [{actors: ['army', 'police']}, {actors: ['army']}, {}];
    assert.deepEqual(shown(rows, {actor: 'police'}), [0]);
    assert.deepEqual(shown(rows, {actor: ''}), [0, 1, 2]);
    assert.deepEqual(actors(data(rows)), [['army', 2], ['police', 1]]);
});

test('a search leaves what it found', () => {
    assert.deepEqual(shown([{}, {}, {}], {match: Uint8Array.of(0, 1, 0)}), [1]);
});

test('what has no place is counted', () => {
    assert.equal(select(data([{placed: false}, {}]), everything).unplaced, 1);
});

for (const [text, folded] of [
    ['Żółć Straße', 'zołc straße'],
    ["Kafr 'Aqab", 'kafr aqab'],
    ['Beit‑Lahiya', 'beit lahiya'],
    ['غَزَّة', 'غزه'],
    ['أريحا', 'اريحا'],
    ['חֲמָאס', 'חמאס'],
    ['ירושלים', 'ירושלימ'],
]) {
    test(`search folds ${text}`, () => assert.equal(fold(text), folded));
}
