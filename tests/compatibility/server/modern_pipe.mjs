// SPDX-License-Identifier: Apache-2.0
// 2026-07-28 over stdio: requests and notifications in, one shared channel out.
import { keyOf } from '../lib/json.mjs';
import { isNotification, isRequest } from '../lib/rpc.mjs';
import { ModernServer } from './modern_server.mjs';

export class ModernPipe {
    #running = new Map();
    #seen = new Set();
    #tokens = new Set();

    constructor(options) {
        this.notes = options.notes;
        this.send = options.send;
        this.server = new ModernServer(options);
    }

    async receive(message) {
        if (Array.isArray(message)) return this.notes.violation('a batch');
        if (message?.jsonrpc !== '2.0') return this.notes.violation('not JSON-RPC 2.0');
        if (isRequest(message)) return this.#answer(message);
        if (isNotification(message)) return this.#note(message);
        return this.notes.violation('a response, in an era without server requests');
    }

    end() {
        for (const controller of this.#running.values()) controller.abort();
    }

    async #answer(message) {
        const key = keyOf(message.id);
        if (this.#running.has(key)) this.notes.violation(`id ${key} is in flight already`);
        this.#seen.add(key);
        const token = message.params?._meta?.progressToken;
        if (token !== undefined && this.#tokens.has(keyOf(token))) {
            this.notes.violation(`two requests have token ${keyOf(token)}`);
        }
        this.#tokens.add(keyOf(token));
        const controller = new AbortController();
        this.#running.set(key, controller);
        const { signal } = controller;
        const response = await this.server.serve(message, { send: this.send, signal });
        if (this.#running.get(key) === controller) this.#running.delete(key);
        this.#tokens.delete(keyOf(token));
        if (!signal.aborted) this.send(response);
    }

    #note({ method, params }) {
        if (method !== 'notifications/cancelled') {
            this.notes.violation(`notification ${method}`);
            return;
        }
        const key = keyOf(params?.requestId);
        if (!this.#seen.has(key)) this.notes.violation(`cancelled ${key}, which nobody requested`);
        this.#running.get(key)?.abort();
    }
}
