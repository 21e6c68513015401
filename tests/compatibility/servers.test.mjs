// SPDX-License-Identifier: Apache-2.0
// The servers as judges: each fault that a client, or a proxy for it, could commit is noticed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Program, eventually } from '../strangers/lib/processes.mjs';
import { Http, readText } from './client/http.mjs';
import { NoteReader } from './lib/note_reader.mjs';
import { metaKey, modern } from './lib/revisions.mjs';
import { notification, request, result } from './lib/rpc.mjs';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'server/main.mjs');

/** Declares tests against one fixture: what is said to it, and what it must complain of. */
function describeServer(revision, transport, define) {
    describe(`the ${revision} server over ${transport}`, { concurrency: 1 }, () => {
        const server = {};
        before(async () => {
            server.directory = mkdtempSync(path.join(tmpdir(), 'shadowcat-judges-'));
            server.notes = new NoteReader(path.join(server.directory, 'notes'));
            const options = ['--revision', revision, '--transport', transport];
            const args = [fixture, ...options, '--notes', server.notes.path];
            server.program = new Program(process.execPath, args);
            if (transport === 'stdio') return;
            const [, url] = await server.program.printed('stdout', /listening url=(\S+)/);
            server.http = new Http(url);
        });
        define(server);
        after(async () => {
            server.http?.close();
            server.program.child.stdin.end();
            await server.program.ended;
            rmSync(server.directory, { recursive: true, force: true });
        });
    });
}

async function complains(server, pattern) {
    let seen = [];
    const check = () =>
        (seen = [...seen, ...server.notes.takeViolations()]).some((each) => pattern.test(each));
    await eventually(`a complaint like ${pattern}`, check, 5000).catch((error) => {
        throw new Error(`${error.message}; there is only ${seen}`);
    });
}

const opening = (version) => ({
    protocolVersion: version,
    capabilities: {},
    clientInfo: { name: 'faulty', version: '1' },
});

const initialize = (id, version) => request(id, 'initialize', opening(version));

const modernMeta = {
    [metaKey('protocolVersion')]: modern,
    [metaKey('clientCapabilities')]: { roots: {} },
    [metaKey('clientInfo')]: { name: 'faulty', version: '1' },
};
const modernRequest = (id, method, params = {}) =>
    request(id, method, { ...params, _meta: modernMeta });

describeServer('2025-06-18', 'stdio', (server) => {
    const faults = [
        ['a call before initialize', request(1, 'tools/list'), /before the session was open/],
        ['2026-07-28 by handshake', initialize(2, modern), /asked for 2026-07-28/],
        ['a second initialize', initialize(3, '2025-06-18'), /second initialize/],
        ['an id twice', request(3, 'ping'), /used before/],
        ['a call before initialized', request(4, 'tools/list'), /before the session was open/],
        ['initialized', notification('notifications/initialized')],
        ['initialized twice', notification('notifications/initialized'), /initialized while open/],
        ['a batch', [request(5, 'ping')], /a batch/],
        ['modern _meta', modernRequest(6, 'tools/list'), /in its _meta/],
        ['a modern method', request(7, 'subscriptions/listen', {}), /another revision/],
        ['an answer to nothing', result('ask-9', {}), /never asked/],
        [
            'a cancellation of nothing',
            notification('notifications/cancelled', { requestId: 99 }),
            /never requested/,
        ],
        [
            'a pointless unsubscribe',
            request(8, 'resources/unsubscribe', { uri: 'a' }),
            /not subscribed/,
        ],
        ['no JSON', undefined, /no JSON/],
    ];
    for (const [name, message, pattern] of faults) {
        test(name, async () => {
            server.program.child.stdin.write(`${message ? JSON.stringify(message) : '{'}\n`);
            if (pattern) await complains(server, pattern);
        });
    }
});

describeServer(modern, 'stdio', (server) => {
    const faults = [
        ['no _meta', request(1, 'tools/list', {}), /what _meta must have/],
        ['initialize', modernRequest(2, 'initialize', opening(modern)), /other revisions/],
        ['a response', result(1, {}), /a response/],
        ['initialized', notification('notifications/initialized'), /notification/],
        ['a call', modernRequest(3, 'tools/call', { name: 'slow', arguments: { name: 'a' } })],
        ['an id in flight', modernRequest(3, 'tools/list'), /in flight already/],
        [
            'a cancellation of nothing',
            notification('notifications/cancelled', { requestId: 99 }),
            /nobody requested/,
        ],
        ['a retry of a list', modernRequest(4, 'tools/list', { requestState: 'x' }), /a retry/],
        [
            'an altered state',
            modernRequest(5, 'tools/call', { name: 'roots', requestState: 'x.y' }),
            /not my/,
        ],
    ];
    for (const [name, message, pattern] of faults) {
        test(name, async () => {
            server.program.child.stdin.write(`${JSON.stringify(message)}\n`);
            if (pattern) await complains(server, pattern);
        });
    }
});

const json = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
};

async function post(server, message, headers) {
    const options = { headers: { ...json, ...headers }, body: JSON.stringify(message) };
    const response = await server.http.send('POST', options);
    return {
        ...response,
        status: response.statusCode,
        headers: response.headers,
        text: await readText(response),
    };
}

describeServer(modern, 'http', (server) => {
    const call = modernRequest(1, 'tools/call', { name: 'regional', arguments: { region: 'eu' } });
    const good = {
        'mcp-protocol-version': modern,
        'mcp-method': 'tools/call',
        'mcp-name': 'regional',
        'mcp-param-region': 'eu',
    };
    const faults = [
        ['another version', { 'mcp-protocol-version': '2025-11-25' }, 400, /Version disagrees/],
        ['another method', { 'mcp-method': 'tools/list' }, 400, /Mcp-Method disagrees/],
        ['another name', { 'mcp-name': 'echo' }, 400, /Mcp-Name disagrees/],
        ['another parameter', { 'mcp-param-region': 'us' }, 400, /mcp-param-region disagrees/],
        ['a parameter too many', { 'mcp-param-shard': '1' }, 400, /mcp-param-shard disagrees/],
        [
            'broken Base64',
            { 'mcp-param-region': '=?base64?ZX?=' },
            400,
            /mcp-param-region disagrees/,
        ],
        ['a session', { 'mcp-session-id': 'abc' }, 200, /mcp-session-id/],
        ['no event streams', { accept: 'application/json' }, 200, /text\/event-stream/],
    ];
    for (const [name, headers, status, pattern] of faults) {
        test(name, async () => {
            const answer = await post(server, call, { ...good, ...headers });
            assert.equal(answer.status, status);
            await complains(server, pattern);
        });
    }

    test('good headers', async () => {
        const answer = await post(server, call, good);
        assert.match(answer.text, /eu undefined/);
        assert.deepEqual(server.notes.takeViolations(), []);
    });

    test('a removed method', async () => {
        const headers = { 'mcp-protocol-version': modern, 'mcp-method': 'ping' };
        assert.equal((await post(server, modernRequest(2, 'ping'), headers)).status, 404);
        await complains(server, /ping belongs to other revisions/);
    });

    test('GET', async () => {
        const response = await server.http.send('GET', { headers: json });
        assert.equal(response.statusCode, 405);
        response.resume();
        await complains(server, /only POST/);
    });
});

describeServer('2025-06-18', 'http', (server) => {
    test('a request without a version', async () => {
        const opened = await post(server, initialize(1, '2025-06-18'), {});
        const session = { 'mcp-session-id': opened.headers['mcp-session-id'] };
        const answer = await post(server, request(2, 'ping'), session);
        assert.equal(answer.status, 400);
        await complains(server, /MCP-Protocol-Version undefined/);
    });

    test('a request in no session', async () => {
        const headers = { 'mcp-session-id': 'abc', 'mcp-protocol-version': '2025-06-18' };
        assert.equal((await post(server, request(3, 'ping'), headers)).status, 404);
        await complains(server, /session abc, which is none/);
    });
});
