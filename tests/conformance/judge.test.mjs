// SPDX-License-Identifier: Apache-2.0
// The judge is what makes the run mean something.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { differences, flaws, judge, orphans, score } from './lib/judge.mjs';

const check = (id, status = 'SUCCESS') => ({ id, status });
const results = (scenarios) => new Map(Object.entries(scenarios));

const direct = results({ ping: [check('a'), check('b'), check('note', 'INFO')] });
const differing = (checks) => differences(['ping'], direct, results({ ping: checks }));
const idsOf = ([difference]) => difference?.checks.map(({ id, found }) => `${id} ${found}`);

test('a scenario that turns out alike does not differ', () => {
    assert.deepEqual(differing([check('a'), check('b')]), []);
    assert.deepEqual(differing([check('a', 'INFO'), check('b'), check('c')]), []);
});

test('a check that fails, warns, is skipped or missing differs', () => {
    for (const status of ['FAILURE', 'WARNING', 'SKIPPED']) {
        assert.deepEqual(idsOf(differing([check('a'), check('b', status)])), [`b ${status}`]);
    }
    assert.deepEqual(idsOf(differing([check('b')])), ['a missing']);
    assert.deepEqual(idsOf(differing([check('a'), check('a', 'FAILURE'), check('b')])), ['a FAILURE']);
});

test('a failure that there is not directly differs', () => {
    const found = differing([check('a'), check('b'), check('wire', 'FAILURE')]);
    assert.deepEqual(idsOf(found), ['wire FAILURE']);
});

test('a scenario that did not run differs', () => {
    assert.deepEqual(idsOf(differences(['ping'], direct, results({}))), ['a missing', 'b missing']);
});

test('the fixture must be without flaws', () => {
    assert.deepEqual(flaws(['ping'], direct), []);
    assert.equal(flaws(['ping', 'pong'], direct).length, 1);
    assert.equal(flaws(['ping'], results({ ping: [check('a', 'WARNING')] })).length, 1);
});

const entry = { arm: ['x', 'y'], scenario: 'ping', checks: ['b'], reason: 'r' };
const verdict = (arm, checks) => judge(arm, differing(checks), [entry]);

test('an expected difference is known, on its arms alone', () => {
    const checks = [check('a'), check('b', 'FAILURE')];
    assert.equal(verdict('x', checks).known.length, 1);
    assert.equal(verdict('x', checks).unexpected.length, 0);
    assert.equal(verdict('z', checks).unexpected.length, 1);
});

test('an expected difference that is gone is stale', () => {
    assert.equal(verdict('x', [check('a'), check('b')]).stale.length, 1);
});

test('more than expected is unexpected, less is stale', () => {
    const more = verdict('x', [check('a', 'FAILURE'), check('b', 'FAILURE')]);
    assert.deepEqual([more.unexpected.length, more.stale.length], [1, 1]);
});

test('entries need a reason and an arm', () => {
    assert.equal(orphans([entry], ['x', 'y']).length, 0);
    assert.equal(orphans([entry], ['x']).length, 1);
    assert.equal(orphans([{ ...entry, reason: '' }], ['x', 'y']).length, 1);
});

test('a score counts scenarios without failures and checks without complaints', () => {
    const own = results({ ping: [check('a'), check('b', 'WARNING')], pong: [check('c', 'FAILURE')] });
    assert.deepEqual(score(['ping', 'pong'], own), { scenarios: '1/2', checks: '1/3' });
});
