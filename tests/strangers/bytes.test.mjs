// SPDX-License-Identifier: Apache-2.0
// Messages as they lie on the wire, without a client library in between that could mend them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Program } from './lib/processes.mjs';
import { asShellWords, servers, shadowcat, startReverse } from './lib/programs.mjs';

const initialize =
    '{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-11-25",' +
    '"capabilities":{},"clientInfo":{"name":"bytes","version":"1"}}}';
const initialized = '{"jsonrpc":"2.0","method":"notifications/initialized"}';

const echo = (id, message) =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"echo",` +
    `"arguments":{"message":${message}}}}`;

/** Lines to a program's stdin, lines from its stdout. */
async function openStdio([command, ...args]) {
    const program = new Program(command, args);
    let seen = 0;
    const exchange = async (request) => {
        program.child.stdin.write(`${request}\n`);
        if (request === initialized) return '';
        const [line] = await program.printed('stdout', new RegExp(`(?<=^.{${seen}})[^\\n]+\\n`, 's'));
        seen = program.stdout.indexOf(line, seen) + line.length;
        return line;
    };
    const close = async () => {
        program.child.stdin.end();
        assert.deepEqual(await program.ended, { code: 0, signal: null });
    };
    return { exchange, close };
}

const postTo = (url, headers) => async (body) => {
    const response = await fetch(url, {
        method: 'POST',
        headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...headers,
        },
        body,
    });
    const id = response.headers.get('mcp-session-id');
    if (id) headers['mcp-session-id'] = id;
    return response.text();
};

async function openReverse() {
    const { program, url } = await startReverse(asShellWords(servers.demo));
    return { exchange: postTo(url, {}), close: () => program.stop() };
}

const arms = { 'directly over stdio': () => openStdio(servers.demo) };
if (shadowcat) {
    arms['through reverse'] = openReverse;
    arms['through forward'] = () => openStdio([shadowcat, 'forward', '--', ...servers.demo]);
}

for (const [name, open] of Object.entries(arms)) {
    describe(`bytes, ${name}`, () => {
        let arm;
        before(async () => {
            arm = await open();
            assert.match(await arm.exchange(initialize), /shadowcat-demo-server/);
            await arm.exchange(initialized);
        });

        test('integers keep their digits', async () => {
            const digits = '[9007199254740993,-9223372036854775808,18446744073709551615]';
            const answer = await arm.exchange(echo(1, `{"n":${digits}}`));
            assert.ok(answer.includes(digits), answer);
        });

        test('ids keep their type and their digits', async () => {
            for (const id of ['1', '"1"', '9007199254740993', '"9007199254740993"', '"é\\n"', '0', '-7']) {
                const answer = await arm.exchange(echo(id, '"x"'));
                assert.ok(answer.includes(`"id":${id},`), `${id}: ${answer}`);
            }
        });

        test('members that nobody knows arrive', async () => {
            const request = '{"jsonrpc":"2.0","id":5,"method":"test","params":{"_x":[{"y":null}],"z":1e2}}';
            const answer = await arm.exchange(request);
            assert.match(answer, /"_x":\[\{"y":null\}\]/);
        });

        after(() => arm?.close());
    });
}

describe("the seed's curl", { skip: !shadowcat && 'no Shadowcat binary' }, () => {
    let proxy;
    before(async () => (proxy = await startReverse(asShellWords(servers.demo))));

    const curl = async (request) => {
        const { port } = new URL(proxy.url);
        const { stdout } = await promisify(execFile)('curl', [
            '--silent', '--show-error', '--max-time', '15',
            '-X', 'POST', `http://localhost:${port}/mcp`,
            '-H', 'Content-Type: application/json',
            '-H', 'MCP-Session-Id: test-123',
            '-H', 'MCP-Protocol-Version: 2025-11-05',
            '-d', request,
        ]);
        return JSON.parse(stdout);
    };

    test('prints what the server answers', async () => {
        const answer = await curl('{"jsonrpc":"2.0","id":"1","method":"test","params":{}}');
        assert.equal(answer.id, '1');
        assert.equal(answer.result.server.name, 'shadowcat-demo-server');
    });

    test('talks to one and the same process as often as it is typed', async () => {
        const whoami = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"whoami"}}';
        const first = (await curl(whoami)).result.structuredContent;
        const second = (await curl(whoami)).result.structuredContent;
        assert.deepEqual(second, { pid: first.pid, requests: first.requests + 1 });
    });

    after(() => proxy?.program.stop());
});
