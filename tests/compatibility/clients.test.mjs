// SPDX-License-Identifier: Apache-2.0
// The clients as judges: each fault that a server, or a proxy for it, could commit is noticed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Judge } from './client/judge.mjs';
import { metaKey, modern } from './lib/revisions.mjs';
import { notification, request, result } from './lib/rpc.mjs';

describe('the clients', () => {
    const tagged = { _meta: { [metaKey('subscriptionId')]: 1 } };
    const url = { mode: 'url', url: 'https://example.com', message: 'go', elicitationId: 'e' };
    const fault = (code) => ({ jsonrpc: '2.0', id: 1, error: { code, message: 'no' } });
    const complete = { resultType: 'complete', _meta: { [metaKey('serverInfo')]: {} } };

    const legacyFaults = [
        ['2025-03-26', request(1, 'elicitation/create', {}), /the request elicitation/],
        ['2025-06-18', request(1, 'elicitation/create', url), /url elicitation/],
        ['2025-11-25', request(1, 'server/discover', {}), /the request server/],
        ['2025-11-25', notification('notifications/tools/list_changed', tagged), /subscription id/],
        [
            '2025-11-25',
            notification('notifications/subscriptions/acknowledged', {}),
            /acknowledged/,
        ],
        ['2025-06-18', notification('notifications/elicitation/complete', {}), /complete/],
        ['2025-11-25', fault(-32020), /error -32020/],
        ['2025-11-25', result(1, { resultType: 'input_required' }), /type input_required/],
    ];
    for (const [revision, message, pattern] of legacyFaults) {
        test(`${revision}: ${pattern}`, () => {
            const judge = new Judge(revision);
            judge.legacyMessage(message);
            assert.match(judge.take().join(), pattern);
        });
    }

    const modernFaults = [
        ['tools/call', fault(-32002), /error -32002/],
        ['tools/call', fault(-32042), /error -32042/],
        ['tools/call', fault(-32000), /error -32000/],
        ['tools/call', result(1, { ...complete, resultType: undefined }), /resultType undefined/],
        ['tools/list', result(1, complete), /ttlMs/],
        ['tools/list', result(1, { ...complete, ttlMs: 0 }), /cacheScope/],
        ['tools/call', result(1, { resultType: 'complete' }), /serverInfo/],
        [
            'tools/list',
            result(1, { ...complete, resultType: 'input_required', requestState: 'x' }),
            /requires input/,
        ],
        [
            'tools/call',
            result(1, { ...complete, resultType: 'input_required' }),
            /nothing is required/,
        ],
    ];
    for (const [method, message, pattern] of modernFaults) {
        test(`${modern}, ${method}: ${pattern}`, () => {
            const judge = new Judge(modern);
            judge.modernResponse({ method }, message);
            assert.match(judge.take().join(), pattern);
        });
    }
});
