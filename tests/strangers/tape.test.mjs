// SPDX-License-Identifier: Apache-2.0
// Tapes of foreign programs: each line is what the schema says, and the messages are all there.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import Ajv2020 from 'ajv/dist/2020.js';

import { eventually } from './lib/processes.mjs';
import { buildEnvironment, servers, shadowcat, startShadowcat } from './lib/programs.mjs';

const schema = JSON.parse(readFileSync(new URL('./tape.schema.json', import.meta.url)));
const validate = new Ajv2020.default({ strictRequired: false, allowUnionTypes: true }).compile(schema);

const linesOf = (file) => readFileSync(file, 'utf8').trimEnd().split('\n');
const tapesIn = (directory) => readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
const metaOf = (directory, name) =>
    JSON.parse(readFileSync(path.join(directory, name.replace(/\.jsonl$/, '.meta.json'))));

async function talk(transport) {
    const client = new Client({ name: 'tape', version: '1' });
    await client.connect(transport);
    await client.listTools();
    await client.callTool({ name: 'echo', arguments: { message: 'recorded' } });
    await assert.rejects(client.callTool({ name: 'echo', arguments: 'x' }));
    await client.close();
}

const overStdio = (command, tape) => {
    const args = ['forward', '--tape', tape, '--', ...command];
    return talk(new StdioClientTransport({ command: shadowcat, args, env: buildEnvironment, stderr: 'pipe' }));
};

async function overHttp(command, tape) {
    const args = ['forward', '--tape', tape, '--listen', '127.0.0.1:0', '--', ...command];
    const { program, url } = await startShadowcat(args);
    await talk(
        new StreamableHTTPClientTransport(new URL(url), {
            requestInit: { headers: { Authorization: 'Bearer s3cr3t' } },
        }),
    );
    await program.stop();
}

describe('tapes', { skip: !shadowcat && 'no Shadowcat binary' }, () => {
    let directory;
    before(() => (directory = mkdtempSync(path.join(tmpdir(), 'tapes-'))));
    after(() => rmSync(directory, { recursive: true }));

    for (const [server, command] of Object.entries(servers)) {
        for (const [way, record] of Object.entries({ overStdio, overHttp })) {
            test(`of ${server}, ${way}`, async () => {
                const tapes = path.join(directory, server + way);
                await record(command, tapes);
                const finished = () =>
                    tapesIn(tapes).filter((each) => metaOf(tapes, each).status === 'finalized');
                await eventually('the tape is finished', () => finished().length > 0);
                const [name, ...others] = finished();
                assert.deepEqual(others, []);
                const lines = linesOf(path.join(tapes, name));
                for (const line of lines) {
                    assert.ok(validate(JSON.parse(line)), `${line}\n${JSON.stringify(validate.errors)}`);
                }
                const frames = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'frame');
                assert.deepEqual(frames.map(({ seq }) => seq), [...frames.keys()]);
                assert.equal(frames[0].method, 'initialize');
                assert.ok(frames.some(({ msg }) => JSON.stringify(msg.result ?? {}).includes('recorded')));
                assert.equal(metaOf(tapes, name).stats.frames, frames.length);
                assert.ok(!lines.join().includes('s3cr3t'));
            });
        }
    }
});
