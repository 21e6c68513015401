// SPDX-License-Identifier: Apache-2.0
// One message a line on stdin and stdout.
import { createInterface } from 'node:readline';

import { parse, stringify } from '../lib/json.mjs';
import { hasBatches, isModern } from '../lib/revisions.mjs';
import { isRequest, isResponse } from '../lib/rpc.mjs';
import { LegacySession } from './legacy_session.mjs';
import { ModernPipe } from './modern_pipe.mjs';

const write = (message) => process.stdout.write(`${stringify(message)}\n`);

/** Answers to the requests of a batch are kept back and written together. */
class Batch {
    #answers = [];

    constructor(messages) {
        this.ids = messages.filter(isRequest).map(({ id }) => id);
    }

    takes(message) {
        if (!isResponse(message) || !this.ids.includes(message.id)) return false;
        this.#answers.push(message);
        if (this.#answers.length === this.ids.length) write(this.#answers);
        return true;
    }
}

function openLegacy(options) {
    const batches = new Set();
    const send = (message) => {
        if (![...batches].some((batch) => batch.takes(message))) write(message);
    };
    const session = new LegacySession({ ...options, send });
    const receive = async (message) => {
        if (!Array.isArray(message)) return session.receive(message);
        if (!hasBatches(options.revision)) options.notes.violation('a batch');
        const batch = new Batch(message);
        batches.add(batch);
        await Promise.all(message.map((each) => session.receive(each)));
        return batches.delete(batch);
    };
    return { receive, end: () => session.end() };
}

function parseLine(line, notes) {
    try {
        return parse(line);
    } catch (error) {
        notes.violation(`a line that is no JSON: ${error.message}`);
        return undefined;
    }
}

export function serveStdio(options) {
    const peer = isModern(options.revision)
        ? new ModernPipe({ ...options, send: write })
        : openLegacy(options);
    const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
    lines.on('line', (line) => {
        const message = parseLine(line, options.notes);
        if (message !== undefined) peer.receive(message);
    });
    lines.on('close', () => {
        peer.end();
        process.exit(0);
    });
}
