// SPDX-License-Identifier: Apache-2.0
// What the fixture server noted: calls that it saw running or cancelled, violations of its peer.
import { readFileSync, writeFileSync } from 'node:fs';

import { eventually } from '../../strangers/lib/processes.mjs';

export class NoteReader {
    #taken = 0;

    constructor(path) {
        this.path = path;
        writeFileSync(path, '');
    }

    #all() {
        const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
        return lines.map((line) => JSON.parse(line));
    }

    /** Waits until the call `name` has been seen as `kind`. */
    waitFor(kind, name, ms) {
        const isIt = (note) => note.kind === kind && note.name === name;
        return eventually(`the server sees ${name} ${kind}`, () => this.#all().some(isIt), ms);
    }

    has(kind, name) {
        return this.#all().some((note) => note.kind === kind && note.name === name);
    }

    takeViolations() {
        const violations = this.#all().filter(({ kind }) => kind === 'violation');
        const fresh = violations.slice(this.#taken);
        this.#taken = violations.length;
        return fresh.map(({ what }) => `to the server: ${what}`);
    }
}
