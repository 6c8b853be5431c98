import test from 'node:test';
import assert from 'node:assert/strict';
import {choiceOf, defaultChoice, periodOf, stateOf} from '../../maps/page/choice.js';

const data = (start = 'all') => ({head: {
    start, day0: '2026-03-01', period: [2, 9], actors: [['army']],
    types: [{id: 'battle', shown: true}, {id: 'unrest', shown: true}, {id: 'statement', shown: false}],
}});

test('a map opens on every day, or on the last', () => {
    assert.equal(defaultChoice(data()).undated, true);
    const {since, until, undated} = defaultChoice(data('last-day'));
    assert.deepEqual([since, until, undated], [9, 9, false]);
});

for (const start of ['all', 'last-day']) {
    test(`a choice comes back from its link (${start})`, () => {
        const made = data(start);
        const choice = {...defaultChoice(made), ...periodOf(3, 5), types: new Set([1]), certainty: 'place', background: true,
            actor: 'army', search: 'raid', compare: [2, 2]};
        assert.deepEqual({...defaultChoice(made), ...choiceOf(stateOf(choice, made), made.head)}, choice);
    });

    test(`every day comes back from its link (${start})`, () => {
        const made = data(start);
        const choice = {...defaultChoice(made), ...periodOf(null, null)};
        assert.deepEqual({...defaultChoice(made), ...choiceOf(stateOf(choice, made), made.head)}, choice);
    });
}

test('what is as usual goes without saying', () => {
    const made = data();
    assert.deepEqual(Object.values(stateOf(defaultChoice(made), made)).filter((value) => value && value !== 'all'), []);
});

test('words that the data does not know are left out', () => {
    const {head} = data();
    assert.deepEqual(choiceOf({types: ['war', 'unrest'], actor: 'nobody', compare: '2026-03-04'}, head), {types: new Set([1])});
});
