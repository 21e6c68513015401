// SPDX-License-Identifier: Apache-2.0
// What several checks need.
import assert from 'node:assert/strict';

import { stringify } from '../lib/json.mjs';

export const patienceMs = 20_000;
export const greeting = 'matrix://greeting';

export const textOf = ({ content }) => content[0].text;

export const failsWith = (promise, ...codes) =>
    assert.rejects(promise, (error) => {
        assert.ok(
            codes.includes(error.code),
            `${error.code} ${error.message}, not one of ${codes}`,
        );
        return true;
    });

export const namesOf = async (client) =>
    (await client.request('tools/list')).tools.map(({ name }) => name);

export async function echoes(client, value) {
    const answer = await client.call('echo', { value });
    assert.equal(textOf(answer), stringify(value));
    assert.deepEqual(answer.echoed, value);
}
