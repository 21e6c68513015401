// SPDX-License-Identifier: Apache-2.0
// What a server asks in the middle of a call: elicitation, sampling, roots.
import assert from 'node:assert/strict';

import { hasElicitation, hasUrlElicitation, isModern } from '../lib/revisions.mjs';
import { internalError, invalidParams, missingCapability } from '../lib/rpc.mjs';
import { failsWith, namesOf, textOf } from './common.mjs';

/** Calls a tool that asks something, and returns its answer's text and what it asked. */
async function askedBy(client, tool) {
    const before = client.asked.length;
    const answer = await client.call(tool);
    return { text: textOf(answer), asked: client.asked.slice(before) };
}

export async function checkElicitation({ client, cell }) {
    const { text, asked } = await askedBy(client, 'elicit');
    assert.equal(text, 'Ada: London');
    const questions = asked.map(({ params }) => params.message);
    assert.deepEqual(questions, ['who are you?', 'where is Ada?']);
    if (hasUrlElicitation(cell.client) && hasUrlElicitation(cell.server))
        await checkUrl({ client, cell });
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
export async function checkNoElicitation({ client, cell }) {
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

export async function checkSampling({ client }) {
    const { text, asked } = await askedBy(client, 'sample');
    assert.equal(text, 'it said: hello');
    assert.equal(asked.length, 1);
    assert.equal(asked[0].params.messages[0].content.text, 'say it');
}

export async function checkRoots({ client }) {
    const { text, asked } = await askedBy(client, 'roots');
    assert.equal(text, 'file:///matrix');
    assert.equal(asked.length, 1);
    const atOnce = await askedBy(client, 'both');
    assert.equal(atOnce.text, 'hello file:///matrix');
    assert.equal(atOnce.asked.length, 2);
}
