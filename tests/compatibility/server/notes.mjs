// SPDX-License-Identifier: Apache-2.0
// What the server saw, one JSON line each in a file that the test reads.
import { appendFileSync } from 'node:fs';

export class Notes {
    constructor(path) {
        this.path = path;
    }

    add(kind, detail) {
        appendFileSync(this.path, `${JSON.stringify({ kind, ...detail })}\n`);
    }

    /** The peer did what the revision forbids. */
    violation(what) {
        process.stderr.write(`violation: ${what}\n`);
        this.add('violation', { what });
    }
}
