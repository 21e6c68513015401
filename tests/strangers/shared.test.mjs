// SPDX-License-Identifier: Apache-2.0
// Several clients that share one server process: ids and tokens clash, answers must not.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { overHttp } from './lib/arms.mjs';
import { asShellWords, servers, shadowcat, startReverse } from './lib/programs.mjs';
import { describeArm } from './lib/session.mjs';

const names = ['Ada', 'Bjarne', 'Grace', 'Ken'];
const counter = 'demo://counter';

const arm = {
    name: 'clients that share one process',
    open: async () =>
        overHttp(await startReverse(asShellWords(servers.demo), '--isolation', 'shared')),
};

async function converse(talk) {
    const messages = Array.from({ length: 30 }, (_, i) => `${talk.name} ${i}`);
    const echoes = messages.map((message) => talk.text('echo', { message }));
    const progress = talk.progressOf('slow', { steps: 4, delay_ms: 5 });
    assert.deepEqual(await Promise.all(echoes), messages);
    assert.deepEqual(await progress, [[1, 4], [2, 4], [3, 4], [4, 4]]);
}

const everyone = (session, act) => Promise.all(session.talks.map(act));

/** When everybody has heard this, they have heard all that the server wrote before it. */
async function fence({ talks }) {
    const changed = 'notifications/tools/list_changed';
    const counts = talks.map((talk) => talk.heardOf(changed).length);
    await talks[0].call('touch_tools');
    await Promise.all(talks.map((talk, i) => talk.waitFor(changed, counts[i] + 1)));
}

if (shadowcat) {
    describeArm(arm, names, (session) => {
        test('there is one process', async () => {
            const answers = await everyone(session, (talk) => talk.call('whoami'));
            const pids = answers.map(({ structuredContent }) => structuredContent.pid);
            assert.equal(new Set(pids).size, 1);
        });

        test('answers and progress reach who asked, although all use the same ids', () =>
            everyone(session, converse));

        test('who cancels a call leaves the others theirs', async () => {
            const abort = new AbortController();
            const [first, ...others] = session.talks;
            const endless = { steps: 1, delay_ms: 60_000 };
            const cancelled = first.call('slow', endless, { signal: abort.signal });
            cancelled.catch(() => {});
            const calls = others.map((talk) => talk.text('slow', { steps: 1, delay_ms: 300 }));
            await first.client.ping();
            abort.abort('enough');
            await assert.rejects(cancelled);
            const texts = await Promise.all(calls);
            assert.deepEqual(texts, others.map(() => 'done after 1 steps'));
        });

        test('only a subscriber hears of a change', async () => {
            const [first, second, ...others] = session.talks;
            await first.client.subscribeResource({ uri: counter });
            await second.call('bump');
            await first.waitFor('notifications/resources/updated');
            await fence(session);
            for (const talk of [second, ...others]) {
                assert.equal(talk.heardOf('notifications/resources/updated').length, 0);
            }
        });

        test('everybody hears that the tools changed', () => fence(session));

        test('nobody hears the log of another', async () => {
            const [first, ...others] = session.talks;
            await first.call('log', { message: 'private' });
            await fence(session);
            for (const talk of others) {
                assert.equal(talk.heardOf('notifications/message').length, 0);
            }
        });

        test('nobody is asked what another one called for', async () => {
            const results = await everyone(session, (talk) => talk.call('sample'));
            for (const [i, talk] of session.talks.entries()) {
                const own = results[i].structuredContent?.content.text ?? '';
                assert.ok(results[i].isError || own.includes(talk.name));
            }
        });
    });
}
