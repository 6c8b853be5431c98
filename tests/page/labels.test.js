import test from 'node:test';
import assert from 'node:assert/strict';
import {Taken, place} from '../../maps/page/labels.js';

test('boxes that touch leave each other free, boxes that overlap do not', () => {
    const taken = new Taken();
    taken.add([0, 0, 100, 20]);
    assert.ok(taken.isFree([100, 0, 140, 20]));
    assert.ok(!taken.isFree([99, 19, 140, 40]));
    assert.ok(!taken.isFree([-50, -50, 400, 400]));
});

test('a label stands right of its point, and left where the right is taken', () => {
    const label = {x: 100, y: 100, width: 50, height: 14, gap: 6};
    const texts = new Taken();
    assert.deepEqual(place([new Taken(), texts], label), {x: 106, y: 100});
    assert.deepEqual(place([new Taken(), texts], label), {x: 44, y: 100});
});

test('a label gives way to symbols, and goes when there is no room', () => {
    const symbols = new Taken();
    symbols.add([0, 0, 200, 200]);
    assert.equal(place([symbols, new Taken()], {x: 100, y: 100, width: 50, height: 14, gap: 6}), null);
});

test('a label without a gap is centred', () => {
    assert.deepEqual(place([new Taken()], {x: 100, y: 100, width: 50, height: 14, gap: 0}), {x: 75, y: 100});
});

test('a label stays within a box if it is given one', () => {
    const label = {x: 20, y: 50, width: 40, height: 14, gap: 6};
    assert.equal(place([new Taken()], {...label, x: 95}, [0, 0, 100, 100]).x, 49);
    assert.equal(place([new Taken()], {...label, width: 90}, [0, 0, 100, 100]), null);
});
