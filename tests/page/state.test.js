import test from 'node:test';
import assert from 'node:assert/strict';
import {readState, writeState} from '../../maps/page/state.js';

test('a state comes back from its link', () => {
    const state = {zoom: 8.5, lat: 31.9, lon: 35.25, since: '2026-08-01', until: '2026-08-14', types: ['battle', 'unrest'],
        certainty: 'place', compare: '2026-08-13', background: true, actor: 'Wagner / Африка', search: 'Gaza / غزة #1', incident: 'a/b=c', list: true};
    assert.deepEqual(readState(writeState(state)), state);
});

test('a state that says nothing gives an empty link', () => {
    assert.equal(writeState({}), '#');
    assert.deepEqual(readState('#'), {});
    assert.deepEqual(readState(''), {});
});

for (const hash of ['#99/1/1', '#8/abc/3', '#8/-91/0', '#2026-13-01..2026-14-01', '#2026-08-14..2026-08-01', '#c=all', '#c=<img>',
    '#q=%E0%A4%A', '#constructor=1', '#8/1', '#z=1', '#/////', '#__proto__=x']) {
    test(`${hash} is left out`, () => {
        const {search = '', ...rest} = readState(hash);
        assert.deepEqual([search, rest], ['', {}]);
    });
}

test('a search of any length is cut', () => {
    assert.equal(readState(`#q=${'x'.repeat(5000)}`).search.length, 200);
});
