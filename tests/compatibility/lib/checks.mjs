// SPDX-License-Identifier: Apache-2.0
// One check for each feature, the same in every cell; `open` is an OpenCell.
import assert from 'node:assert/strict';

import { eventually } from '../../strangers/lib/processes.mjs';
import { exact, stringify } from './json.mjs';
import { hasBatches, hasElicitation, hasUrlElicitation, isModern } from './revisions.mjs';
import {
    internalError, invalidParams, legacyNotFound, methodNotFound, missingCapability,
} from './rpc.mjs';

const patienceMs = 8000;
const greeting = 'matrix://greeting';
const mebibyte = 1 << 20;
const toolsChanged = 'notifications/tools/list_changed';
const updated = 'notifications/resources/updated';

const textOf = ({ content }) => content[0].text;

const failsWith = (promise, ...codes) =>
    assert.rejects(promise, (error) => {
        assert.ok(codes.includes(error.code), `${error.code} ${error.message}, not one of ${codes}`);
        return true;
    });

const namesOf = async (client) =>
    (await client.request('tools/list')).tools.map(({ name }) => name);

async function echoes(client, value) {
    const answer = await client.call('echo', { value });
    assert.equal(textOf(answer), stringify(value));
    assert.deepEqual(answer.echoed, value);
}

async function checkTools(open) {
    const { client, cell } = open;
    const names = await namesOf(client);
    for (const name of ['echo', 'count', 'touch']) assert.ok(names.includes(name), name);
    await echoes(client, 'a text: \u2028 \u{1f43e}');
    await echoes(client, { n: exact('9007199254740993'), m: [exact('-9223372036854775808'), exact('1.0')] });
    assert.equal((await client.call('fail')).isError, true);
    await failsWith(client.call('no such tool'), invalidParams);
    await failsWith(client.request('nobody/knows'), methodNotFound);
    if (hasBatches(client.negotiated)) await checkBatch(client);
    if (isModern(cell.server)) await checkAnnotatedTools(open, names);
}

async function checkBatch(client) {
    const call = ['tools/call', { name: 'echo', arguments: { value: 1 } }];
    const [listed, pong, echoed] = await client.batch([['tools/list'], ['ping'], call]);
    assert.ok(listed.tools.length > 0);
    assert.deepEqual(pong, {});
    assert.equal(textOf(echoed), '1');
}

/** Arguments that travel as headers, whoever makes these; a tool that can't be called is gone. */
async function checkAnnotatedTools({ client, cell }, names) {
    assert.equal(textOf(await client.call('regional', { region: 'Zürich', shard: 42 })), 'Zürich 42');
    assert.equal(textOf(await client.call('regional', { region: 'eu' })), 'eu undefined');
    const mustDrop = cell.way !== 'direct' && cell.upstream === 'http';
    if (mustDrop) assert.ok(!names.includes('broken'), 'a tool with an invalid x-mcp-header');
}

async function checkResources({ client, cell }) {
    const { resources } = await client.request('resources/list');
    assert.deepEqual(resources, [{ uri: greeting, name: 'greeting' }]);
    const { resourceTemplates } = await client.request('resources/templates/list');
    assert.equal(resourceTemplates[0].uriTemplate, 'matrix://number/{n}');
    const { contents } = await client.request('resources/read', { uri: 'matrix://number/7' });
    assert.deepEqual(contents, [{ uri: 'matrix://number/7', mimeType: 'text/plain', text: '7' }]);
    const codes = {
        modern: [invalidParams],
        legacy: isModern(cell.server) ? [invalidParams, legacyNotFound] : [legacyNotFound],
    }[isModern(cell.client) ? 'modern' : 'legacy'];
    await failsWith(client.request('resources/read', { uri: 'matrix://nowhere' }), ...codes);
}

async function checkPrompts({ client }) {
    const { prompts } = await client.request('prompts/list');
    assert.equal(prompts[0].name, 'greet');
    const params = { name: 'greet', arguments: { name: 'Ada' } };
    const { messages } = await client.request('prompts/get', params);
    assert.equal(messages[0].content.text, 'greet Ada');
    await failsWith(client.request('prompts/get', { name: 'none' }), invalidParams);
}

async function checkCompletion({ client }) {
    const ref = { type: 'ref/prompt', name: 'greet' };
    const params = { ref, argument: { name: 'name', value: 'A' } };
    const { completion } = await client.request('completion/complete', params);
    assert.deepEqual(completion.values, ['Ada', 'Alan']);
}

async function checkProgress({ client }) {
    const seen = [];
    const onProgress = ({ progress, total }) => seen.push([progress, total]);
    const answer = await client.call('count', { steps: 4 }, { onProgress });
    assert.equal(textOf(answer), 'counted to 4');
    assert.deepEqual(seen, [[1, 4], [2, 4], [3, 4], [4, 4]]);
    // Nobody asked for progress: if any comes, the client's judge complains.
    await client.call('count', { steps: 2 });
}

async function checkCancellation({ client, notes }) {
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

async function checkLogging({ client, cell }) {
    const options = await client.logging('info');
    await client.call('log', {}, options);
    await eventually('two log messages', () => client.logs.length >= 2, patienceMs);
    assert.deepEqual(client.logs.map(({ level }) => level), ['info', 'warning']);
    assert.equal(client.logs[0].data, 'a line of info');
    // A modern server is silent towards requests without a level: else the judge complains.
    if (isModern(cell.client)) await client.call('log');
    const loudest = async () => client.call('log', {}, await client.logging('loudest'));
    await failsWith(loudest(), invalidParams);
}

/** Calls a tool that asks something, and returns its answer's text and what it asked. */
async function askedBy(client, tool) {
    const before = client.asked.length;
    const answer = await client.call(tool);
    return { text: textOf(answer), asked: client.asked.slice(before) };
}

async function checkElicitation({ client, cell }) {
    const { text, asked } = await askedBy(client, 'elicit');
    assert.equal(text, 'Ada: London');
    const questions = asked.map(({ params }) => params.message);
    assert.deepEqual(questions, ['who are you?', 'where is Ada?']);
    if (hasUrlElicitation(cell.client) && hasUrlElicitation(cell.server)) await checkUrl({ client, cell });
}

/** Between two clients of 2025-11-25 the error -32042 tells the URL; nobody else may see it. */
async function checkUrl({ client, cell }) {
    if (!isModern(cell.client) && !isModern(cell.server)) {
        await assert.rejects(client.call('elicit_url'), ({ data }) => {
            assert.equal(data.elicitations[0].url, 'https://example.com/sign-in');
            return true;
        });
        assert.equal(textOf(await client.call('elicit_url')), 'accept');
        return;
    }
    const { text, asked } = await askedBy(client, 'elicit_url');
    assert.equal(text, 'accept');
    assert.equal(asked[0].params.url, 'https://example.com/sign-in');
}

/** One side has no elicitation: the other is told so, and nobody is asked. */
async function checkNoElicitation({ client, cell }) {
    if (!hasElicitation(cell.server)) {
        assert.ok(!(await namesOf(client)).includes('elicit'));
        await failsWith(client.call('elicit'), invalidParams);
    } else if (isModern(cell.server)) {
        await failsWith(client.call('elicit'), missingCapability, internalError);
    } else {
        const answer = await client.call('elicit');
        assert.equal(answer.isError, true);
        assert.equal(textOf(answer), 'the client has no elicitation');
    }
    assert.ok(!client.asked.some(({ method }) => method === 'elicitation/create'));
}

async function checkSampling({ client }) {
    const { text, asked } = await askedBy(client, 'sample');
    assert.equal(text, 'it said: hello');
    assert.equal(asked.length, 1);
    assert.equal(asked[0].params.messages[0].content.text, 'say it');
}

async function checkRoots({ client }) {
    const { text, asked } = await askedBy(client, 'roots');
    assert.equal(text, 'file:///matrix');
    assert.equal(asked.length, 1);
    const atOnce = await askedBy(client, 'both');
    assert.equal(atOnce.text, 'hello file:///matrix');
    assert.equal(atOnce.asked.length, 2);
}

const countOf = (watch, wanted) => watch.heard.filter(({ method }) => method === wanted).length;
const hears = (watch, method, count) =>
    eventually(`${count} of ${method}`, () => countOf(watch, method) >= count, patienceMs);

async function checkListChanged({ client }) {
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

async function checkSubscription({ client, cell }) {
    const watch = await client.watch({ uris: [greeting] });
    if (isModern(cell.client)) assert.deepEqual(watch.honoured.resourceSubscriptions, [greeting]);
    await client.call('touch', { uri: 'matrix://number/1' });
    await client.call('touch', { uri: greeting });
    await hears(watch, updated, 1);
    assert.deepEqual(watch.heard.map(({ params }) => params?.uri), [greeting]);
    await watch.close();
    const after = await client.watch({});
    await client.call('touch', { uri: greeting });
    await client.call('toggle');
    await hears(after, toolsChanged, 1);
    assert.equal(countOf(after, updated), 0);
    await after.close();
}

async function checkLargeMessages({ client }) {
    await echoes(client, 'é'.repeat(mebibyte / 2));
}

const checks = {
    tools: checkTools,
    resources: checkResources,
    prompts: checkPrompts,
    completion: checkCompletion,
    progress: checkProgress,
    cancellation: checkCancellation,
    logging: checkLogging,
    elicitation: checkElicitation,
    sampling: checkSampling,
    roots: checkRoots,
    list_changed: checkListChanged,
    subscription: checkSubscription,
    'large messages': checkLargeMessages,
};

/** Checks that a feature works, or, where `lack` tells why it can't, that it is missing as it should. */
export async function check(feature, lack, open) {
    await (lack ? checkNoElicitation(open) : checks[feature](open));
    assert.deepEqual(open.takeViolations(), []);
}
