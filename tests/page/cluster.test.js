import test from 'node:test';
import assert from 'node:assert/strict';
import {cluster, donutRadius} from '../../maps/page/cluster.js';

const view = {scale: 1000, left: 0, top: 0, width: 1000, height: 1000, radius: 5};

function clustered(points, type = points.map(() => 0), over = {}) {
    const columns = {type, place: points.map(([, , place = 0]) => place)};
    const data = {x: Float64Array.from(points, ([x]) => x / 1000), y: Float64Array.from(points, ([, y]) => y / 1000), columns};
    return cluster(points.keys(), data, 3, {...view, ...over});
}

test('incidents that lie apart keep their symbols', () => {
    assert.deepEqual(clustered([[100, 100], [200, 100]]).nodes.map(({n}) => n), [1, 1]);
});

test('incidents on one point share a donut by type', () => {
    const [node] = clustered([[100, 100], [100, 100], [100, 100]], [0, 2, 2]).nodes;
    assert.deepEqual([node.n, node.shared, ...node.types], [3, true, 1, 0, 2]);
});

test('neighbours that would overlap become one donut that is not shared', () => {
    const {nodes} = clustered([[100, 100], [104, 100], [111, 103]]);
    assert.equal(nodes.length, 1);
    assert.equal(nodes[0].shared, false);
});

test('no two donuts overlap, whatever the crowd', () => {
    let seed = 1;
    const random = () => (seed = seed * 16807 % 2147483647) / 2147483647;
    const points = Array.from({length: 3000}, () => [random() ** 2 * 1000, random() ** 2 * 1000]);
    const {nodes} = clustered(points);
    assert.equal(nodes.reduce((sum, {n}) => sum + n, 0), 3000);
    const donuts = nodes.filter(({n}) => n > 1);
    for (const a of donuts) {
        for (const b of donuts) {
            if (a !== b) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) >= a.r + b.r - 2, `${a.n} touches ${b.n}`);
        }
    }
});

test('an incident finds the donut that took it in', () => {
    const {nodes, owner} = clustered([[100, 100], [104, 100], [500, 500]]);
    assert.equal(owner(104, 100), nodes.find(({n}) => n === 2));
    assert.equal(owner(500, 500).n, 1);
});

test('panning by any step does not regroup', () => {
    const points = [[100, 100], [109, 100], [300, 420], [311, 420]];
    const sizes = (left) => clustered(points, undefined, {left, top: left}).nodes.map(({n}) => n);
    for (const left of [0, 3, 7, 11.5]) assert.deepEqual(sizes(left), sizes(0));
});

test('what is out of the view or has no place is passed over', () => {
    assert.equal(clustered([[NaN, NaN], [-5, 100], [100, 1200]]).nodes.length, 0);
});

test('a donut grows slowly and not for ever', () => {
    assert.deepEqual([1, 10, 100, 100000].map((n) => Math.round(donutRadius(n))), [10, 14, 18, 22]);
});

test('a donut knows the places in it, but for those that cannot be told apart', () => {
    const [node] = clustered([[100, 100, 5], [100, 100, 5], [112, 100, 6], [100, 113, 7], [100, 113, 8]]).nodes;
    assert.deepEqual([node.n, node.at], [5, [[5, 2], [6, 1]]]);
});
