// SPDX-License-Identifier: Apache-2.0
// forward between two pipes compared with nothing in between: every byte in both directions and on
// stderr, the environment, signals, the exit code.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually, familyOf, Program } from './lib/processes.mjs';
import { buildEnvironment, servers, shadowcat } from './lib/programs.mjs';

const through = (command) => [shadowcat, 'forward', '--', ...command];

/** The server behind `tee`, which writes down what it is told. */
const overheard = (command, heard) => ['/bin/sh', '-c', 'tee "$0" | "$@"', heard, ...command];

const script = [
    '{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-06-18",' +
        '"capabilities":{},"clientInfo":{"name":"bytes","version":"1"}}}',
    '{ "jsonrpc" : "2.0" , "method" : "notifications/initialized" }',
    '{"method":"tools/list","id":0,"jsonrpc":"2.0"}',
    '  {"jsonrpc":"2.0","id":"é\\u0301","method":"tools/call","params":{"name":"echo","arguments":' +
        '{"message":"9007199254740993 \\ud83d\\ude00"},"_x":[1e2,18446744073709551615]}}',
    '{"jsonrpc":"2.0","id":9007199254740991,"method":"no/such/method","params":{"deep":{"a":[[]]}}}',
    '{"jsonrpc":"2.0","id":7,"method":"ping"}',
];

const isRequest = (line) => 'id' in JSON.parse(line);

/** Says the script line by line, waiting for each answer; then ends, one way or another. */
async function converse(command) {
    const [program, ...args] = command;
    const server = new Program(program, args, { env: { ...buildEnvironment, PATH: process.env.PATH } });
    let answers = 0;
    for (const line of script) {
        server.child.stdin.write(`${line}\n`);
        if (isRequest(line)) answers += 1;
        await eventually(`answer ${answers} of ${server.name}\n${server.stderr}`, () => {
            const got = server.stdout.split('\n').slice(0, -1);
            return got.filter((each) => 'id' in JSON.parse(each)).length >= answers;
        });
    }
    server.child.stdin.end();
    await Promise.race([server.ended, sleep(5000, undefined, { ref: false })]);
    if (!server.end) familyOf(server.pid).forEach((pid) => process.kill(pid, 'SIGKILL'));
    await server.ended;
    return server;
}

describe('forward is not there', { skip: !shadowcat && 'no Shadowcat binary' }, () => {
    let directory;
    before(() => (directory = mkdtempSync(path.join(tmpdir(), 'transparency-'))));
    after(() => rmSync(directory, { recursive: true }));

    for (const [name, command] of Object.entries(servers)) {
        test(`${name}: the same bytes in both directions and on stderr`, async () => {
            const heard = { direct: path.join(directory, `${name}-1`), forward: path.join(directory, `${name}-2`) };
            const direct = await converse(overheard(command, heard.direct));
            const forward = await converse(through(overheard(command, heard.forward)));
            assert.equal(forward.stdout, direct.stdout);
            assert.equal(forward.stderr, direct.stderr);
            assert.equal(readFileSync(heard.forward, 'utf8'), readFileSync(heard.direct, 'utf8'));
            assert.equal(readFileSync(heard.forward, 'utf8'), script.map((line) => `${line}\n`).join(''));
        });
    }

    /** What a small Node.js program does, directly and through forward. */
    const both = async (code, act, env = {}) => {
        const command = [process.execPath, '-e', code];
        const ends = [];
        for (const [program, ...args] of [command, through(command)]) {
            const server = new Program(program, args, { env: { ...process.env, ...env } });
            await act(server);
            ends.push({ end: await server.ended, stdout: server.stdout, stderr: server.stderr });
        }
        return ends;
    };

    test('what is no message passes in both directions', async () => {
        const echo = 'process.stdin.on("data", (d) => { process.stdout.write(d); process.stderr.write(d); })';
        const odd = 'no JSON\r\n\n{"half":\n[]\nnull\n{"jsonrpc":"2.0","method":"m"}\r\n   \n';
        const [direct, forward] = await both(echo, async (server) => {
            server.child.stdin.write(odd);
            await eventually('the echo', () => server.stdout.length >= odd.length);
            server.child.stdin.end();
        });
        assert.equal(direct.stdout, odd);
        assert.equal(forward.stdout, odd);
        assert.deepEqual(forward.end, direct.end);
        assert.ok(forward.stderr.includes(odd.slice(0, 10)), forward.stderr);
    });

    test('the exit code is the server’s', async () => {
        for (const code of [0, 3, 255]) {
            const [direct, forward] = await both(`process.stdin.resume().on('end', () => process.exit(${code}))`, (server) => server.child.stdin.end());
            assert.deepEqual(direct.end, { code, signal: null });
            assert.deepEqual(forward.end, direct.end);
        }
    });

    test('a server that dies by a signal: 128 and its number', async () => {
        const [direct, forward] = await both("process.kill(process.pid, 'SIGABRT')", () => {});
        assert.equal(direct.end.signal, 'SIGABRT');
        assert.deepEqual(forward.end, { code: 128 + 6, signal: null });
    });

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
        test(`${signal} reaches the server`, async () => {
            const handles = `process.stdin.resume(); console.error('ready');
                process.on('${signal}', () => { console.error('got it'); process.exit(9); })`;
            const [direct, forward] = await both(handles, async (server) => {
                await server.printed('stderr', /ready/);
                server.child.kill(signal);
            });
            assert.deepEqual(direct.end, { code: 9, signal: null });
            assert.deepEqual(forward.end, direct.end);
            assert.ok(forward.stderr.startsWith(direct.stderr), forward.stderr);
        });
    }

    test('environment and working directory are the client’s', async () => {
        const shows = 'console.error(process.env.ONLY_OURS, process.cwd()); process.stdin.resume()';
        const [direct, forward] = await both(shows, (server) => server.child.stdin.end(), { ONLY_OURS: 'yes' });
        assert.match(direct.stderr, /^yes \//);
        assert.equal(forward.stderr, direct.stderr);
    });
});
