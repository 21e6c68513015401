// SPDX-License-Identifier: Apache-2.0
// A client's side of stdio: a program, one message a line.
import { createInterface } from 'node:readline';

import { Program } from '../../strangers/lib/processes.mjs';
import { parse, stringify } from '../lib/json.mjs';

export class Stdio {
    #isClosed = false;

    constructor([command, ...args], judge, options) {
        this.program = new Program(command, args, options);
        this.judge = judge;
    }

    async start({ receive, lose }) {
        const lines = createInterface({ input: this.program.child.stdout, crlfDelay: Infinity });
        lines.on('line', (line) => this.#take(line, receive));
        lines.on('close', () => this.#isClosed || lose(new Error('the program closed its stdout')));
    }

    opened() {
        return this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    }

    async send(message) {
        this.program.child.stdin.write(`${stringify(message)}\n`);
    }

    async close() {
        this.#isClosed = true;
        this.program.child.stdin.end();
        const { code, signal } = await this.program.ended;
        if (code !== 0) this.judge.complain(`the program ends with ${code ?? signal}`);
    }

    #take(line, receive) {
        let message;
        try {
            message = parse(line);
        } catch {
            this.judge.complain(`a line that is no JSON: ${line.slice(0, 80)}`);
            return;
        }
        receive(message, {});
    }
}
