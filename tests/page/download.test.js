import test from 'node:test';
import assert from 'node:assert/strict';
import {toCsv, toGeoJson} from '../../maps/page/download.js';

test('a cell that a spreadsheet would run gets an apostrophe', () => {
    for (const start of ['=', '+', '-', '@', '\t']) {
        const [, line] = toCsv([{sentence: `${start}1+1`}], ['sentence']).split('\r\n');
        assert.match(line, /^,,"?'/);
    }
});

test('quotes, commas and line ends stay in their cell; numbers stay numbers', () => {
    const text = toCsv([{lon: -35.5, lat: 31, sentence: 'He said "no",\nthen left', tags: [], actors: [{name: 'A'}]}], ['sentence', 'tags', 'actors']);
    assert.equal(text, '\ufefflon,lat,sentence,tags,actors\r\n-35.5,31,"He said ""no"",\nthen left",,"[{""name"":""A""}]"\r\n');
});

test('GeoJSON has lon before lat, and no geometry without a place', () => {
    const {features: [here, nowhere]} = JSON.parse(toGeoJson([{id: 'a', lon: 35, lat: 31}, {id: 'b', lon: null, lat: null}]));
    assert.deepEqual(here, {type: 'Feature', id: 'a', geometry: {type: 'Point', coordinates: [35, 31]}, properties: {id: 'a'}});
    assert.equal(nowhere.geometry, null);
});
