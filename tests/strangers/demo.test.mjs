// SPDX-License-Identifier: Apache-2.0
// Everything that the demo server can do, over every arm.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

import { eventually } from './lib/processes.mjs';
import { timeout } from './lib/talk.mjs';
import { forEachArm } from './lib/session.mjs';

const counter = 'demo://counter';

const toolNames = async (talk) => (await talk.client.listTools()).tools.map(({ name }) => name);

forEachArm('demo', (session) => {
    test('introduces itself', () => {
        const { client } = session.talk;
        assert.equal(client.getServerVersion().name, 'shadowcat-demo-server');
        assert.equal(client.getServerCapabilities().resources.subscribe, true);
        assert.match(client.getInstructions(), /demonstration/);
    });

    test('lists and calls tools', async () => {
        const { talk } = session;
        assert.deepEqual(await toolNames(talk), [
            'echo', 'add', 'whoami', 'bump', 'log', 'touch_tools', 'slow', 'ask', 'sample', 'roots',
        ]);
        assert.equal((await talk.call('add', { a: 20, b: 22 })).structuredContent.sum, 42);
        const text = 'héllo "wörld" \u2028\u2029 😀 \\ \u0000\n';
        assert.equal(await talk.text('echo', { message: text }), text);
        assert.equal(await talk.text('echo', { message: '' }), '');
    });

    test('carries a megabyte both ways', async () => {
        const big = 'x€'.repeat(350_000);
        assert.equal(await session.talk.text('echo', { message: big }), big);
    });

    test('keeps many requests at the same time apart', async () => {
        const messages = Array.from({ length: 50 }, (_, i) => `message ${i}`);
        const answers = messages.map((message) => session.talk.text('echo', { message }));
        assert.deepEqual(await Promise.all(answers), messages);
    });

    test('delivers progress in order and before the answer', async () => {
        const steps = await session.talk.progressOf('slow', { steps: 5, delay_ms: 2 });
        assert.deepEqual(steps, [[1, 5], [2, 5], [3, 5], [4, 5], [5, 5]]);
    });

    test('tells progress of calls at the same time apart', async () => {
        const counts = [1, 2, 3, 4, 5, 6];
        const run = (steps) => session.talk.progressOf('slow', { steps, delay_ms: 5 });
        const expected = counts.map((total) => counts.slice(0, total).map((step) => [step, total]));
        assert.deepEqual(await Promise.all(counts.map(run)), expected);
    });

    test('a slow call holds nobody up', async () => {
        const { talk } = session;
        const abort = new AbortController();
        const slow = talk.call('slow', { steps: 1, delay_ms: 60_000 }, { signal: abort.signal });
        slow.catch(() => {});
        assert.equal(await talk.text('echo', { message: 'quick' }), 'quick');
        abort.abort('enough');
        await assert.rejects(slow);
    });

    test('sampling, elicitation and roots reach the client and come back', async () => {
        const { talk } = session;
        const sampled = await talk.call('sample', { prompt: 'What now?' });
        assert.equal(sampled.structuredContent.content.text, 'Alice says: What now?');
        const asked = await talk.call('ask', { message: 'Who?' });
        assert.equal(asked.structuredContent.content.answer, 'Alice heard: Who?');
        const { roots } = (await talk.call('roots')).structuredContent;
        assert.deepEqual(roots, [{ uri: 'file:///home/Alice', name: 'Alice' }]);
    });

    test('a client may decline, and may fail', async () => {
        const { talk } = session;
        talk.answerWith(ElicitRequestSchema, () => ({ action: 'decline' }));
        assert.equal((await talk.call('ask')).structuredContent.action, 'decline');
        talk.answerWith(ElicitRequestSchema, () => {
            throw Object.assign(new Error('not now'), { code: -32001 });
        });
        await assert.rejects(talk.call('ask'), { code: -32001, message: /not now/ });
    });

    test('cancelling a call reaches the server, whose question is then withdrawn', async () => {
        const { talk } = session;
        const answer = new Promise(() => {});
        talk.answerWith(ElicitRequestSchema, () => answer);
        const askedBefore = talk.asked.length;
        const abort = new AbortController();
        const call = talk.call('ask', {}, { signal: abort.signal });
        call.catch(() => {});
        const question = await eventually('the question', () => talk.asked[askedBefore]);
        abort.abort('enough');
        await assert.rejects(call);
        await eventually('the question is withdrawn', () => question.signal.aborted);
        assert.equal(await talk.text('echo', { message: 'still here' }), 'still here');
    });

    test('log messages respect the level, and come before the answer', async () => {
        const { talk } = session;
        await talk.client.setLoggingLevel('warning');
        await talk.call('log', { level: 'info', message: 'unheard' });
        await talk.call('log', { level: 'error', message: 'heard' });
        const logs = talk.heardOf('notifications/message').map(({ params }) => params.data);
        assert.deepEqual(logs, ['heard']);
    });

    test('subscribers hear of a change, others do not', async () => {
        const { talk } = session;
        const before = Number(await talk.text('bump'));
        await talk.client.subscribeResource({ uri: counter });
        await talk.call('bump', { by: 5 });
        const [update] = await talk.waitFor('notifications/resources/updated');
        assert.equal(update.params.uri, counter);
        const read = await talk.client.readResource({ uri: counter });
        assert.equal(read.contents[0].text, String(before + 5));
        await talk.client.unsubscribeResource({ uri: counter });
        await talk.call('bump');
        await talk.client.ping();
        assert.equal(talk.heardOf('notifications/resources/updated').length, 1);
    });

    test('lists and reads resources and templates', async () => {
        const { client } = session.talk;
        const { resources } = await client.listResources();
        assert.deepEqual(resources.map(({ uri }) => uri), [counter, 'demo://about']);
        const { resourceTemplates } = await client.listResourceTemplates();
        assert.equal(resourceTemplates[0].uriTemplate, 'demo://greeting/{name}');
        const greeting = await client.readResource({ uri: 'demo://greeting/Ada' });
        assert.equal(greeting.contents[0].text, 'Hello, Ada!');
    });

    test('says that its tools changed', async () => {
        const { talk } = session;
        await talk.call('touch_tools');
        await talk.waitFor('notifications/tools/list_changed');
        assert.ok((await toolNames(talk)).includes('bonus'));
    });

    test('prompts and completion', async () => {
        const { client } = session.talk;
        assert.equal((await client.listPrompts()).prompts[0].name, 'greet');
        const prompt = await client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } });
        assert.equal(prompt.messages[0].content.text, 'Please greet Ada warmly.');
        const argument = { name: 'name', value: 'B' };
        for (const ref of [
            { type: 'ref/prompt', name: 'greet' },
            { type: 'ref/resource', uri: 'demo://greeting/{name}' },
        ]) {
            const { completion } = await client.complete({ ref, argument });
            assert.deepEqual(completion.values, ['Barbara', 'Bjarne']);
        }
    });

    test('answers pings', async () => {
        assert.deepEqual(await session.talk.client.ping({ timeout }), {});
    });

    test('errors come back as they are', async () => {
        const { client } = session.talk;
        const uri = 'demo://none';
        await assert.rejects(session.talk.call('nope'), { code: -32602, message: /Unknown tool: nope/ });
        await assert.rejects(client.readResource({ uri }), { code: -32002, data: { uri } });
        await assert.rejects(client.listTools({ cursor: 'made up' }), { code: -32602 });
        assert.equal((await session.talk.call('add', { a: 1 })).isError, true);
    });
});
