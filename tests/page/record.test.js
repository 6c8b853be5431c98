import test from 'node:test';
import assert from 'node:assert/strict';
import {marked} from '../../maps/page/record.js';

const kinds = (record) => marked(record).map(({text, kind}) => kind ? `[${kind} ${text}]` : text).join('');

test('trigger, place and number are marked where the offsets say', () => {
    assert.equal(kinds({
        sentence: 'Shells hit Hit, killing 3.', sentence_start: 10, sentence_end: 36,
        trigger: 'hit', trigger_start: 17, trigger_end: 20, place: 'Hit', place_start: 21, place_end: 24,
        quantities: [{text: '3', start: 34, end: 35}],
    }), 'Shells [trigger hit] [place Hit], killing [number 3].');
});

test('offsets count characters, also those that need two code units', () => {
    assert.equal(kinds({sentence: '🔥🔥 fire in Ain', sentence_start: 0, sentence_end: 14, trigger: 'fire', trigger_start: 3, trigger_end: 7,
        place: 'Ain', place_start: 11, place_end: 14}), '🔥🔥 [trigger fire] in [place Ain]');
});

test('where the sentence was cleaned, words are looked for', () => {
    assert.equal(kinds({sentence: 'Clashes in Hit.', sentence_start: 0, sentence_end: 40, trigger: 'clashes', trigger_start: 9, trigger_end: 16,
        place: 'Hit', place_start: 30, place_end: 33}), '[trigger Clashes] in [place Hit].');
});

test('spans that overlap leave the first', () => {
    assert.equal(kinds({sentence: 'Gaza City', sentence_start: 0, sentence_end: 9, trigger: 'Gaza', trigger_start: 0, trigger_end: 4,
        place: 'Gaza City', place_start: 0, place_end: 9}), '[trigger Gaza] City');
});

test('offsets that make no sense mark nothing', () => {
    assert.equal(kinds({sentence: 'Quiet.', sentence_start: 0, sentence_end: 6, trigger: 'x', trigger_start: 90, trigger_end: 91, place: 'Y',
        place_start: -4, place_end: 500}), 'Quiet.');
    assert.equal(kinds({sentence: ''}), '');
});
