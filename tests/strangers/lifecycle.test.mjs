// SPDX-License-Identifier: Apache-2.0
// Processes: one per session, none left behind, however a session or the proxy ends.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { childrenOf, eventually, familyOf, gone, isAlive } from './lib/processes.mjs';
import { asShellWords, buildEnvironment, servers, shadowcat, startReverse } from './lib/programs.mjs';
import { Talk } from './lib/talk.mjs';

const whoami = async (talk) => (await talk.call('whoami')).structuredContent;

const pidsOf = async (talks) => (await Promise.all(talks.map(whoami))).map(({ pid }) => pid);

const forwardTo = (server) =>
    new StdioClientTransport({
        command: shadowcat,
        args: ['forward', '--', ...server],
        stderr: 'pipe',
        env: buildEnvironment,
    });

describe('processes behind reverse', { skip: !shadowcat && 'no Shadowcat binary' }, () => {
    let proxy;
    const open = () =>
        Talk.open({ transport: () => new StreamableHTTPClientTransport(new URL(proxy.url)) }, 'Ada');
    const openMany = (count) => Promise.all(Array.from({ length: count }, open));

    beforeEach(async () => (proxy = await startReverse(asShellWords(servers.demo))));
    afterEach(() => proxy?.program.stop());

    test('one process serves every request of a session', async () => {
        const talk = await open();
        const first = await whoami(talk);
        await talk.client.listTools();
        assert.deepEqual(await whoami(talk), { pid: first.pid, requests: first.requests + 2 });
        await talk.close();
    });

    test('the end of a session ends its process, and leaves the others', async () => {
        const talks = await openMany(3);
        const [first, ...others] = await pidsOf(talks);
        await talks[0].close();
        await gone([first]);
        assert.deepEqual(await pidsOf(talks.slice(1)), others);
        await Promise.all(talks.slice(1).map((talk) => talk.close()));
    });

    test('after the last session there is no child, not even a zombie', async () => {
        const talks = await openMany(10);
        await Promise.all(talks.map((talk) => talk.close()));
        await eventually(
            `no children; there are ${childrenOf(proxy.program.pid)}`,
            () => childrenOf(proxy.program.pid).length === 0,
        );
    });

    test('a session that was ended is unknown', async () => {
        const talk = await open();
        const headers = {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'mcp-session-id': talk.transport.sessionId,
            'mcp-protocol-version': '2025-11-25',
        };
        const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
        const post = () => fetch(proxy.url, { method: 'POST', headers, body });
        const alive = await post();
        assert.equal(alive.status, 200);
        await alive.body.cancel();
        await talk.close();
        const ended = await post();
        assert.equal(ended.status, 404);
        await ended.body.cancel();
    });

    test('SIGTERM ends the proxy with 0 and all its children', async () => {
        const talks = await openMany(3);
        const pids = await pidsOf(talks);
        assert.deepEqual(await proxy.program.stop('SIGTERM'), { code: 0, signal: null });
        await gone(pids);
        await Promise.all(talks.map((talk) => talk.client.close()));
    });

});

/** Keeps server-everything alive and silent, whatever becomes of its pipes. */
async function occupy(talk) {
    // Once it knows the roots it has nothing left to write, which would fail.
    await talk.call('get-roots-list');
    const forTenMinutes = { duration: 600, steps: 1 };
    talk.call('trigger-long-running-operation', forTenMinutes).catch(() => {});
    await talk.client.ping();
}

describe('SIGKILL', { skip: !shadowcat && 'no Shadowcat binary' }, () => {
    test('leaves no child of reverse behind', async () => {
        const proxy = await startReverse(asShellWords(servers.everything));
        const talk = await Talk.open(
            { transport: () => new StreamableHTTPClientTransport(new URL(proxy.url)) },
            'Ada',
        );
        await occupy(talk);
        assert.ok(childrenOf(proxy.program.pid).length > 0);
        await proxy.program.stop('SIGKILL');
        await talk.client.close();
    });

    test('leaves no child of forward behind', async () => {
        const talk = await Talk.open({ transport: () => forwardTo(servers.everything) }, 'Ada');
        await occupy(talk);
        const family = familyOf(talk.transport.pid);
        assert.ok(family.length > 1);
        process.kill(talk.transport.pid, 'SIGKILL');
        await gone(family);
        await talk.client.close();
    });
});

describe('processes behind forward', { skip: !shadowcat && 'no Shadowcat binary' }, () => {
    const open = () => Talk.open({ transport: () => forwardTo(servers.demo) }, 'Ada');

    test('the end of input ends the proxy and its child', async () => {
        const talk = await open();
        const pids = [(await whoami(talk)).pid, talk.transport.pid];
        assert.ok(pids.every(isAlive));
        await talk.close();
        await gone(pids);
    });
});
