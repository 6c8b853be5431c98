import test from 'node:test';
import assert from 'node:assert/strict';
import {readBase} from '../../maps/page/base.js';

const written = {
    sheets: [{box: null, scale: 100, land: [{iso: 'UA', name: 'Ukraine', rings: []}]}],
    labels: [['country', 'Ukraine', '', 31, 49, 60000], ['town', 'Kharkiv', 'Харків', 36.25, 49.98, 1400000], ['town', 'Bath', '', -2.4, 51.4, 90000]],
};
const names = (language) => readBase(written, language).labels.map(({name, native}) => [name, native]);

test('an English page has Latin names first', () => {
    assert.deepEqual(names('en'), [['Ukraine', ''], ['Kharkiv', 'Харків'], ['Bath', '']]);
});

test('a town in the reader\'s script and a country in the reader\'s language come so', () => {
    assert.deepEqual(names('uk'), [['Україна', ''], ['Харків', 'Kharkiv'], ['Bath', '']]);
    assert.deepEqual(names('fr')[1], ['Kharkiv', 'Харків']);
});
