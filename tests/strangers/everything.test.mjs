// SPDX-License-Identifier: Apache-2.0
// What the reference server can do, over every arm.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { timeout } from './lib/talk.mjs';
import { forEachArm } from './lib/session.mjs';

const document = 'demo://resource/static/document/features.md';

forEachArm('everything', (session) => {
    test('lists its tools, those that need the client too', async () => {
        const { talk } = session;
        const names = (await talk.client.listTools()).tools.map(({ name }) => name);
        for (const name of ['echo', 'get-sum', 'trigger-sampling-request', 'get-roots-list']) {
            assert.ok(names.includes(name), `${name} is missing of ${names}`);
        }
        assert.match(talk.client.getInstructions(), /Everything/);
    });

    test('calls tools: text, structure, image, links', async () => {
        const { talk } = session;
        assert.equal(await talk.text('echo', { message: 'héllo \u2028' }), 'Echo: héllo \u2028');
        assert.match(await talk.text('get-sum', { a: 20, b: 22 }), /42/);
        const weather = await talk.call('get-structured-content', { location: 'New York' });
        assert.equal(typeof weather.structuredContent.temperature, 'number');
        const image = (await talk.call('get-tiny-image')).content.find(({ type }) => type === 'image');
        assert.equal(Buffer.from(image.data, 'base64').toString('latin1', 1, 4), 'PNG');
        const links = await talk.call('get-resource-links', { count: 3 });
        assert.equal(links.content.filter(({ type }) => type === 'resource_link').length, 3);
    });

    test('delivers progress in order and before the answer', async () => {
        const operation = { duration: 0.04, steps: 4 };
        const steps = await session.talk.progressOf('trigger-long-running-operation', operation);
        assert.deepEqual(steps, [[1, 4], [2, 4], [3, 4], [4, 4]]);
    });

    test('a cancelled call ends at once, and the next one works', async () => {
        const abort = new AbortController();
        const operation = { duration: 600, steps: 1 };
        const options = { signal: abort.signal };
        const call = session.talk.call('trigger-long-running-operation', operation, options);
        call.catch(() => {});
        await session.talk.client.ping();
        abort.abort('enough');
        await assert.rejects(call);
        assert.match(await session.talk.text('echo', { message: 'next' }), /next/);
    });

    test('sampling, elicitation and roots reach the client and come back', async () => {
        const { talk } = session;
        const sampled = await talk.text('trigger-sampling-request', { prompt: 'What now?' });
        assert.match(sampled, /Alice says: .*What now\?/);
        const elicited = await talk.call('trigger-elicitation-request');
        assert.match(elicited.content.at(-1).text, /"name": "Alice"/);
        assert.match(await talk.text('get-roots-list'), /file:\/\/\/home\/Alice/);
    });

    test('an error that asks for a URL keeps its data', async () => {
        const options = { url: 'https://example.com/', elicitationId: 'one', errorPath: true };
        await assert.rejects(session.talk.call('trigger-url-elicitation', options), (error) => {
            assert.equal(error.code, -32042);
            assert.equal(typeof error.data.elicitations[0].elicitationId, 'string');
            return true;
        });
    });

    test('log messages arrive', async () => {
        const { talk } = session;
        await talk.client.setLoggingLevel('debug');
        await talk.call('toggle-simulated-logging');
        await talk.waitFor('notifications/message');
        await talk.call('toggle-simulated-logging');
    });

    test('a subscribed resource announces its change', async () => {
        const { talk } = session;
        await talk.client.subscribeResource({ uri: document });
        await talk.call('toggle-subscriber-updates');
        const [update] = await talk.waitFor('notifications/resources/updated');
        assert.equal(update.params.uri, document);
        await talk.call('toggle-subscriber-updates');
        await talk.client.unsubscribeResource({ uri: document });
    });

    test('lists and reads resources and templates', async () => {
        const { client } = session.talk;
        const { resources } = await client.listResources();
        assert.ok(resources.some(({ uri }) => uri === document));
        const read = await client.readResource({ uri: document });
        assert.match(read.contents[0].text, /Features/);
        assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 2);
        await assert.rejects(client.readResource({ uri: 'demo://none' }), { code: -32602 });
    });

    test('says that its resources changed', async () => {
        const { talk } = session;
        const before = talk.heardOf('notifications/resources/list_changed').length;
        const data = 'data:text/plain;base64,aGVsbG8=';
        await talk.call('gzip-file-as-resource', { name: 'hello.gz', data });
        await talk.waitFor('notifications/resources/list_changed', before + 1);
    });

    test('prompts and completion', async () => {
        const { client } = session.talk;
        assert.ok((await client.listPrompts()).prompts.length >= 4);
        const prompt = await client.getPrompt({ name: 'args-prompt', arguments: { city: 'Oslo' } });
        assert.match(prompt.messages[0].content.text, /Oslo/);
        const { completion } = await client.complete({
            ref: { type: 'ref/prompt', name: 'completable-prompt' },
            argument: { name: 'name', value: 'A' },
            context: { arguments: { department: 'Engineering' } },
        });
        assert.deepEqual(completion.values, ['Alice']);
    });

    test('answers pings', async () => {
        assert.deepEqual(await session.talk.client.ping({ timeout }), {});
    });
});
