// SPDX-License-Identifier: Apache-2.0
// One client session: the official SDK's client, answers to what the server asks, and a record of
// what it heard.
import assert from 'node:assert/strict';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
    CreateMessageRequestSchema,
    ElicitRequestSchema,
    ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

import { eventually, familyOf, gone } from './processes.mjs';

const capabilities = {
    sampling: {},
    elicitation: { form: {}, url: {} },
    roots: { listChanged: true },
};

export const timeout = 15_000;

export class Talk {
    /** What the server asked this client. */
    asked = [];
    /** Every message from the server, in the order of arrival. */
    received = [];
    errors = [];

    constructor(name) {
        this.name = name;
        this.client = new Client({ name, version: '1.0.0' }, { capabilities });
        this.client.onerror = (error) => this.#note(error);
        this.#answer(CreateMessageRequestSchema, ({ params }) => ({
            role: 'assistant',
            model: name,
            content: { type: 'text', text: `${name} says: ${params.messages[0].content.text}` },
        }));
        this.#answer(ElicitRequestSchema, ({ params }) => ({
            action: 'accept',
            content: { answer: `${name} heard: ${params.message}`, name },
        }));
        this.#answer(ListRootsRequestSchema, () => ({
            roots: [{ uri: `file:///home/${name}`, name }],
        }));
    }

    static async open(arm, name) {
        const talk = new Talk(name);
        talk.transport = arm.transport();
        talk.transport.stderr?.on('data', (data) => (talk.stderr = (talk.stderr ?? '') + data));
        talk.transport.onmessage = (message) => talk.received.push(message);
        await talk.client.connect(talk.transport, { timeout });
        return talk;
    }

    /** Makes the next question of this kind wait for `answer`, a promise or a function. */
    answerWith(schema, answer) {
        this.#answer(schema, answer);
    }

    #note(error) {
        // The SDK's client forgets a progress handler as soon as it sees the answer, and so blames
        // progress that arrives in the same piece, in time. `received` shows what really came.
        if (!/progress notification for an unknown token/.test(error.message)) {
            this.errors.push(error);
        }
    }

    #answer(schema, answer) {
        this.client.setRequestHandler(schema, async (request, extra) => {
            this.asked.push({ request, signal: extra.signal });
            return answer(request, extra);
        });
    }

    call(tool, args = {}, options = {}) {
        return this.client.callTool({ name: tool, arguments: args }, undefined, {
            timeout,
            ...options,
        });
    }

    async text(tool, args, options) {
        return (await this.call(tool, args, options)).content[0].text;
    }

    heardOf(method) {
        return this.received.filter((message) => message.method === method);
    }

    /** Calls a tool and returns the progress that arrived for it before its answer. */
    async progressOf(tool, args) {
        let id;
        // The SDK's client takes the request's id as its progress token.
        const send = this.transport.send.bind(this.transport);
        this.transport.send = (message, options) => {
            this.transport.send = send;
            id = message.params._meta.progressToken;
            assert.equal(id, message.id);
            return send(message, options);
        };
        await this.call(tool, args, { onprogress: () => {} });
        const answered = this.received.findIndex((message) => message.id === id && !message.method);
        const isOurs = (message) => message.params?.progressToken === id;
        assert.ok(!this.received.slice(answered).some(isOurs), 'progress came after the answer');
        return this.received.filter(isOurs).map(({ params }) => [params.progress, params.total]);
    }

    waitFor(method, count = 1) {
        return eventually(`${this.name} hears ${method}`, () => {
            const found = this.heardOf(method);
            return found.length >= count && found;
        });
    }

    /** Ends the session as a good client does. What ran for it over stdio must be gone then. */
    async close() {
        const family = this.transport.pid ? familyOf(this.transport.pid) : [];
        if (this.transport.sessionId) await this.transport.terminateSession();
        await this.client.close();
        await gone(family);
    }
}
