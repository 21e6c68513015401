// SPDX-License-Identifier: Apache-2.0
// A stream of a legacy session: what is sent while nobody listens waits, and can be sent again.
import { randomBytes } from 'node:crypto';

import { stringify } from '../lib/json.mjs';
import { formatEvent, sseHeaders } from '../lib/sse.mjs';

export class EventStream {
    id = randomBytes(6).toString('hex');
    #events = [];
    #sent = 0;
    #response;
    #isOver = false;

    constructor({ isPriming }) {
        this.isPriming = isPriming;
    }

    get isAttached() {
        return this.#response !== undefined;
    }

    /** `after` is the number of the last event that a client has which comes back. */
    attach(response, after) {
        this.#response = response;
        this.#sent = after ?? this.#sent;
        response.writeHead(200, sseHeaders);
        response.flushHeaders();
        response.on('close', () => this.#detach(response));
        const isFirst = after === undefined && this.#sent === 0;
        if (this.isPriming && isFirst)
            response.write(formatEvent({ id: `${this.id}.0`, data: '' }));
        this.#flush();
    }

    push(message) {
        this.#events.push(stringify(message));
        this.#flush();
    }

    /** Ends the connection, not the stream: the client comes back for the rest. */
    drop(retry) {
        this.#response?.end(formatEvent({ retry }));
        this.#response = undefined;
    }

    end() {
        this.#isOver = true;
        this.#flush();
    }

    #detach(response) {
        if (this.#response === response) this.#response = undefined;
    }

    #flush() {
        if (!this.#response) return;
        for (; this.#sent < this.#events.length; ++this.#sent) {
            const data = this.#events[this.#sent];
            this.#response.write(formatEvent({ id: `${this.id}.${this.#sent + 1}`, data }));
        }
        if (this.#isOver) this.#response.end();
    }
}
