// SPDX-License-Identifier: Apache-2.0
// What a server offers: tools, resources, prompts, completion, and messages of any size.
import assert from 'node:assert/strict';

import { exact } from '../lib/json.mjs';
import { hasBatches, isModern } from '../lib/revisions.mjs';
import { invalidParams, legacyNotFound, methodNotFound } from '../lib/rpc.mjs';
import { echoes, failsWith, greeting, namesOf, textOf } from './common.mjs';

const mebibyte = 1 << 20;

export async function checkTools(open) {
    const { client, cell } = open;
    const names = await namesOf(client);
    for (const name of ['echo', 'count', 'touch']) assert.ok(names.includes(name), name);
    await echoes(client, 'a text: \u2028 \u{1f43e}');
    await echoes(client, {
        n: exact('9007199254740993'),
        m: [exact('-9223372036854775808'), exact('1.0')],
    });
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
    assert.equal(
        textOf(await client.call('regional', { region: 'Zürich', shard: 42 })),
        'Zürich 42',
    );
    assert.equal(textOf(await client.call('regional', { region: 'eu' })), 'eu undefined');
    const mustDrop = cell.way !== 'direct' && cell.upstream === 'http';
    if (mustDrop) assert.ok(!names.includes('broken'), 'a tool with an invalid x-mcp-header');
}

export async function checkResources({ client, cell }) {
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

export async function checkPrompts({ client }) {
    const { prompts } = await client.request('prompts/list');
    assert.equal(prompts[0].name, 'greet');
    const params = { name: 'greet', arguments: { name: 'Ada' } };
    const { messages } = await client.request('prompts/get', params);
    assert.equal(messages[0].content.text, 'greet Ada');
    await failsWith(client.request('prompts/get', { name: 'none' }), invalidParams);
}

export async function checkCompletion({ client }) {
    const ref = { type: 'ref/prompt', name: 'greet' };
    const params = { ref, argument: { name: 'name', value: 'A' } };
    const { completion } = await client.request('completion/complete', params);
    assert.deepEqual(completion.values, ['Ada', 'Alan']);
}

export async function checkLargeMessages({ client }) {
    await echoes(client, 'é'.repeat(mebibyte / 2));
}
