// SPDX-License-Identifier: Apache-2.0
// The cells: which client meets which server, and how both are started.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Program, eventually } from '../../strangers/lib/processes.mjs';
import { Judge } from '../client/judge.mjs';
import { LegacyClient } from '../client/legacy_client.mjs';
import { ModernClient } from '../client/modern_client.mjs';
import { ModernHttp } from '../client/modern_http.mjs';
import { ModernStdio } from '../client/modern_stdio.mjs';
import { SsePair } from '../client/sse_pair.mjs';
import { Stdio } from '../client/stdio.mjs';
import { StreamableHttp } from '../client/streamable_http.mjs';
import { NoteReader } from './note_reader.mjs';
import { hasStreamableHttp, isModern, legacy, modern, revisions } from './revisions.mjs';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), '../server/main.mjs');

const patienceMs = 30_000;

export const shadowcat = process.env.SHADOWCAT_BIN;

const cell = (way, client, server, upstream) => ({
    way,
    client,
    server,
    upstream,
    name: `${way}: client ${client}, server ${server} over ${upstream}`,
});

const transports = ['stdio', 'http'];
const pairs = revisions.flatMap((client) => revisions.map((server) => [client, server]));

/** Client and fixture face to face: what fails here is no fault of Shadowcat's. */
const direct = revisions.flatMap((revision) =>
    transports.map((upstream) => cell('direct', revision, revision, upstream)),
);

/** The matrix itself: HTTP clients of a reverse proxy. */
const reverse = pairs.flatMap(([client, server]) =>
    transports.map((upstream) => cell('reverse', client, server, upstream)),
);

/** A stdio client that launches Shadowcat as its server, across the eras and within them. */
const forward = [
    [legacy[0], modern],
    [legacy[3], modern],
    [modern, legacy[0]],
    [modern, legacy[3]],
    [modern, modern],
    [legacy[0], legacy[3]],
].flatMap(([client, server]) =>
    transports
        // The command line has no word for the old pair.
        .filter((upstream) => upstream === 'stdio' || hasStreamableHttp(server))
        .map((upstream) => cell('forward', client, server, upstream)),
);

const chosen = new RegExp(process.env.CELLS ?? '.');
export const cells = (shadowcat ? [...direct, ...reverse, ...forward] : direct).filter(({ name }) =>
    chosen.test(name),
);

const serverCommand = ({ server, upstream }, notes) => [
    process.execPath,
    fixture,
    '--revision',
    server,
    '--transport',
    upstream,
    '--notes',
    notes,
];

/** Where a program says that it listens. On a busy machine that can take long. */
function listeningAt(program, stream) {
    const find = () => {
        const url = /listening.*url=(http:\/\/[^\s"]+)/.exec(program[stream])?.[1];
        if (!url && program.end) throw new Error(`${program.name} ended early\n${program.stderr}`);
        return url;
    };
    return eventually(`${program.name} listens`, find, patienceMs);
}

async function startServer(opened) {
    if (opened.cell.upstream === 'stdio')
        return { command: serverCommand(opened.cell, opened.notes.path) };
    const [command, ...args] = serverCommand(opened.cell, opened.notes.path);
    const program = new Program(command, args);
    opened.programs.push(program);
    const url = await listeningAt(program, 'stdout');
    return { url };
}

const upstreamOf = ({ server }, { command, url }) => {
    if (command) return { name: 'a', transport: 'stdio', command };
    return { name: 'a', transport: hasStreamableHttp(server) ? 'http' : 'sse', url };
};

/** JSON is YAML too. */
const configOf = (cell, server) => ({
    reverse_proxy: {
        bind_address: '127.0.0.1:0',
        upstreams: [upstreamOf(cell, server)],
        ...(isModern(cell.client) ? { session: { anonymous: 'shared' } } : {}),
        ...(hasStreamableHttp(cell.client)
            ? {}
            : { sse: { enabled: true, path: '/sse', message_path: '/messages' } }),
    },
});

async function startReverse(opened, server) {
    const config = path.join(opened.directory, 'config.yaml');
    writeFileSync(config, JSON.stringify(configOf(opened.cell, server)));
    const program = new Program(shadowcat, ['reverse', '--config', config]);
    opened.programs.push(program);
    const url = await listeningAt(program, 'stderr');
    const isPair = !hasStreamableHttp(opened.cell.client);
    return { url: isPair ? new URL('/sse', url).href : url };
}

const forwardTo = ({ command, url }) => ({
    command: [
        shadowcat,
        'forward',
        '--translate',
        ...(command ? ['--', ...command] : ['--upstream', url]),
    ],
});

/** What the client connects to. */
async function startWay(opened) {
    const server = await startServer(opened);
    const { way } = opened.cell;
    if (way === 'direct') return server;
    return way === 'reverse' ? startReverse(opened, server) : forwardTo(server);
}

function connect({ client: revision }, { command, url }, judge) {
    const Client = isModern(revision) ? ModernClient : LegacyClient;
    const OverHttp = isModern(revision)
        ? ModernHttp
        : hasStreamableHttp(revision)
          ? StreamableHttp
          : SsePair;
    const OverStdio = isModern(revision) ? ModernStdio : Stdio;
    const transport = command ? new OverStdio(command, judge) : new OverHttp(url, judge);
    return new Client(revision, transport, judge);
}

/** A cell whose client has been connected. */
export class OpenCell {
    programs = [];

    constructor(cell) {
        this.cell = cell;
        this.directory = mkdtempSync(path.join(tmpdir(), 'shadowcat-matrix-'));
        this.notes = new NoteReader(path.join(this.directory, 'notes'));
        this.judge = new Judge(cell.client);
    }

    async open() {
        this.client = connect(this.cell, await startWay(this), this.judge);
        await this.client.open();
    }

    /** What either side has done against its peer's revision since the last call. */
    takeViolations() {
        return [...this.judge.take(), ...this.notes.takeViolations()];
    }

    /** What the programs in between said, for a test that failed. */
    get stderr() {
        const { program } = this.client?.transport ?? {};
        return [...this.programs, ...(program ? [program] : [])]
            .map((each) => each.stderr)
            .join('\n');
    }

    async close() {
        try {
            await this.client?.close();
        } finally {
            for (const program of this.programs.reverse()) await program.stop();
        }
    }

    remove() {
        rmSync(this.directory, { recursive: true, force: true });
    }
}
