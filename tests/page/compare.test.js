import test from 'node:test';
import assert from 'node:assert/strict';
import {compare, NEW, GONE, STILL} from '../../maps/page/compare.js';
import {CORRECTION} from '../../maps/page/select.js';

const data = (rows) => ({n: rows.length, columns: {
    place: rows.map(([place]) => place), type: rows.map(([, type]) => type),
    ...rows.some(([, , event]) => event != null) && {event: rows.map(([, , event], i) => event ?? 100 + i)},
}});

test('place and type in common make an incident stay', () => {
    const {marks, counts, drawn} = compare(data([[1, 0], [1, 0], [2, 0], [1, 1]]), [0, 3], [1, 2]);
    assert.deepEqual(Array.from(marks), [STILL, 0, GONE, NEW]);
    assert.deepEqual(counts, [1, 1, 1, 0]);
    assert.deepEqual(Array.from(drawn), [0, 3, 2]);
});

test('an event told on both days stays, wherever it is', () => {
    const {marks} = compare(data([[1, 0, 7], [2, 1, 7]]), [0], [1]);
    assert.deepEqual(Array.from(marks), [STILL, 0]);
});

test('against an empty day all is new', () => {
    assert.deepEqual(compare(data([[1, 0], [2, 0]]), [0, 1], []).counts, [2, 0, 0, 0]);
});

test('what a later bulletin corrected is counted besides', () => {
    const {columns, n} = data([[1, 0], [2, 0], [3, 0]]);
    const told = [CORRECTION, 0, CORRECTION];
    assert.deepEqual(compare({n, columns: {...columns, told}}, [0, 1], [2]).counts, [2, 1, 0, 1]);
});
