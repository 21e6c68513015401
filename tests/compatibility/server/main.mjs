// SPDX-License-Identifier: Apache-2.0
// A server that speaks exactly one revision, and notes whatever its peer does against that.
// usage: node main.mjs --revision R --transport stdio|http --notes FILE
// Over HTTP it chooses a port and prints "listening url=…". 2024-11-05 has HTTP+SSE instead.
import { parseArgs } from 'node:util';

import { hasStreamableHttp, isModern, revisions } from '../lib/revisions.mjs';
import { serveModernHttp } from './modern_http.mjs';
import { Notes } from './notes.mjs';
import { serveSsePair } from './sse_pair.mjs';
import { serveStdio } from './stdio.mjs';
import { serveStreamableHttp } from './streamable_http.mjs';
import { World } from './world.mjs';

const {
    revision,
    transport,
    notes: path,
} = parseArgs({
    options: {
        revision: { type: 'string' },
        transport: { type: 'string' },
        notes: { type: 'string' },
    },
}).values;

if (!revisions.includes(revision)) throw new Error(`unknown revision ${revision}`);

function serverFor() {
    if (transport === 'stdio') return serveStdio;
    if (isModern(revision)) return serveModernHttp;
    return hasStreamableHttp(revision) ? serveStreamableHttp : serveSsePair;
}

const notes = new Notes(path);
const world = new World(revision, notes);
// An HTTP server ends with the test that started it.
if (transport === 'http') process.stdin.resume().on('end', () => process.exit(0));
serverFor()({ revision, world, notes });
