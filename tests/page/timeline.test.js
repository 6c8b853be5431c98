import test from 'node:test';
import assert from 'node:assert/strict';
import {bars} from '../../maps/page/timeline.js';

test('a bar is a day, a week or a month, and the bars cover every day once', () => {
    for (const [days, length] of [[1, 1], [14, 14], [120, 120], [121, 18], [840, 120], [900, 30]]) {
        const all = bars(5, 5 + days - 1, '2024-01-01');
        assert.equal(all.length, length, `${days} days`);
        assert.equal(all[0][0], 5);
        assert.equal(all.at(-1)[1], 5 + days - 1);
        all.slice(1).forEach(([from], k) => assert.equal(from, all[k][1] + 1));
    }
});
