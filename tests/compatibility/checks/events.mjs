// SPDX-License-Identifier: Apache-2.0
// What happens beside the answers: progress, cancellation, log messages, changes.
import assert from 'node:assert/strict';

import { eventually } from '../../strangers/lib/processes.mjs';
import { isModern } from '../lib/revisions.mjs';
import { invalidParams } from '../lib/rpc.mjs';
import { echoes, failsWith, greeting, namesOf, patienceMs, textOf } from './common.mjs';

const toolsChanged = 'notifications/tools/list_changed';
const updated = 'notifications/resources/updated';

export async function checkProgress({ client }) {
    const seen = [];
    const onProgress = ({ progress, total }) => seen.push([progress, total]);
    const answer = await client.call('count', { steps: 4 }, { onProgress });
    assert.equal(textOf(answer), 'counted to 4');
    assert.deepEqual(seen, [
        [1, 4],
        [2, 4],
        [3, 4],
        [4, 4],
    ]);
    // Nobody asked for progress: if any comes, the client's judge complains.
    await client.call('count', { steps: 2 });
}

export async function checkCancellation({ client, notes }) {
    const call = (name) => client.start('tools/call', { name: 'slow', arguments: { name } });
    const [first, second] = [call('first'), call('second')];
    await notes.waitFor('started', 'first', patienceMs);
    await notes.waitFor('started', 'second', patienceMs);
    first.cancel();
    await notes.waitFor('cancelled', 'first', patienceMs);
    assert.ok(!notes.has('cancelled', 'second'), 'the other call was cancelled too');
    // If an answer to the cancelled call came, it came before this one, and the judge complains.
    await echoes(client, 'after cancellation');
    if (second.disconnect) await checkDisconnect(client, notes, second);
    second.cancel();
    await notes.waitFor('cancelled', 'second', patienceMs);
}

/** In the session era a call goes on when its connection is lost. */
async function checkDisconnect(client, notes, call) {
    call.disconnect();
    for (let i = 0; i < 3; ++i) await echoes(client, 'after a disconnect');
    assert.ok(!notes.has('cancelled', 'second'), 'a disconnect was taken for a cancellation');
}

export async function checkLogging({ client, cell }) {
    const options = await client.logging('info');
    await client.call('log', {}, options);
    await eventually('two log messages', () => client.logs.length >= 2, patienceMs);
    assert.deepEqual(
        client.logs.map(({ level }) => level),
        ['info', 'warning'],
    );
    assert.equal(client.logs[0].data, 'a line of info');
    // A modern server is silent towards requests without a level: else the judge complains.
    if (isModern(cell.client)) await client.call('log');
    const loudest = async () => client.call('log', {}, await client.logging('loudest'));
    await failsWith(loudest(), invalidParams);
}

const countOf = (watch, wanted) => watch.heard.filter(({ method }) => method === wanted).length;
const hears = (watch, method, count) =>
    eventually(`${count} of ${method}`, () => countOf(watch, method) >= count, patienceMs);

export async function checkListChanged({ client }) {
    const watch = await client.watch({});
    await client.call('toggle');
    await hears(watch, toolsChanged, 1);
    assert.ok((await namesOf(client)).includes('extra'));
    await client.call('toggle');
    await hears(watch, toolsChanged, 2);
    assert.ok(!(await namesOf(client)).includes('extra'));
    assert.equal(countOf(watch, toolsChanged), 2);
    await watch.close();
}

export async function checkSubscription({ client, cell }) {
    const watch = await client.watch({ uris: [greeting] });
    if (isModern(cell.client)) assert.deepEqual(watch.honoured.resourceSubscriptions, [greeting]);
    await client.call('touch', { uri: 'matrix://number/1' });
    await client.call('touch', { uri: greeting });
    await hears(watch, updated, 1);
    assert.deepEqual(
        watch.heard.map(({ params }) => params?.uri),
        [greeting],
    );
    await watch.close();
    const after = await client.watch({});
    await client.call('touch', { uri: greeting });
    await client.call('toggle');
    await hears(after, toolsChanged, 1);
    assert.equal(countOf(after, updated), 0);
    await after.close();
}
