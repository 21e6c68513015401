// SPDX-License-Identifier: Apache-2.0
// Several clients at the same time: what belongs to one session reaches that session and no other.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arms } from './lib/arms.mjs';
import { describeArm } from './lib/session.mjs';

const names = ['Ada', 'Bjarne', 'Grace', 'Ken', 'Margaret'];
const rounds = [1, 2, 3];

/** Tools that make the server ask the client something, and what of the answer shows whose it is. */
const questions = {
    demo: {
        sample: async (talk, prompt) =>
            (await talk.call('sample', { prompt })).structuredContent.content.text,
        ask: async (talk, message) =>
            (await talk.call('ask', { message })).structuredContent.content.answer,
        roots: async (talk) => (await talk.call('roots')).structuredContent.roots[0].uri,
    },
    everything: {
        sample: (talk, prompt) => talk.text('trigger-sampling-request', { prompt }),
        ask: async (talk) => (await talk.call('trigger-elicitation-request')).content.at(-1).text,
        roots: (talk) => talk.text('get-roots-list'),
    },
};

const slowTools = {
    demo: ['slow', (steps) => ({ steps, delay_ms: 5 })],
    everything: ['trigger-long-running-operation', (steps) => ({ steps, duration: steps / 100 })],
};

async function interrogate(talk, server) {
    for (const round of rounds) {
        const answers = Object.values(questions[server]).map((ask) => ask(talk, `round ${round}`));
        for (const answer of await Promise.all(answers)) {
            assert.ok(answer.includes(talk.name), `${talk.name} was told: ${answer}`);
        }
    }
}

async function watchProgress(talk, server, steps) {
    const [tool, argumentsFor] = slowTools[server];
    const expected = Array.from({ length: steps }, (_, i) => [i + 1, steps]);
    assert.deepEqual(await talk.progressOf(tool, argumentsFor(steps)), expected);
}

/** Questions that reached somebody who had not made the call. */
const strayQuestions = (talk) =>
    talk.asked.filter(({ request }) => request.method === 'sampling/createMessage').length -
    rounds.length;

function crossingTests(arm) {
    const { server } = arm;
    describeArm({ ...arm, name: `${names.length} clients of ${arm.name}` }, names, (session) => {
        test('questions and progress reach exactly their own session', async () => {
            const { talks } = session;
            const work = talks.map((talk, i) =>
                Promise.all([interrogate(talk, server), watchProgress(talk, server, i + 3)]),
            );
            await Promise.all(work);
            assert.deepEqual(talks.map(strayQuestions), talks.map(() => 0));
        });

        if (server !== 'demo') return;
        test('each session has a server process of its own', () =>
            distinctProcesses(session.talks));
        test('notifications stay with their session', () => privateNotifications(session.talks));
    });
}

async function distinctProcesses(talks) {
    const answers = await Promise.all(talks.map((talk) => talk.call('whoami')));
    const pids = answers.map(({ structuredContent }) => structuredContent.pid);
    assert.equal(new Set(pids).size, talks.length);
}

async function privateNotifications([first, ...others]) {
    await first.client.subscribeResource({ uri: 'demo://counter' });
    await Promise.all(others.map((talk) => talk.call('bump')));
    await Promise.all(others.map((talk) => talk.call('log', { message: talk.name })));
    await first.call('bump');
    await first.waitFor('notifications/resources/updated');
    assert.equal(first.heardOf('notifications/resources/updated').length, 1);
    for (const talk of others) {
        assert.equal(talk.heardOf('notifications/resources/updated').length, 0);
        const logs = talk.heardOf('notifications/message').map(({ params }) => params.data);
        assert.deepEqual(logs, [talk.name]);
    }
}

arms.filter(({ client }) => client === 'http').forEach(crossingTests);
