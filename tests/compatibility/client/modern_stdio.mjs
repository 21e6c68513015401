// SPDX-License-Identifier: Apache-2.0
// A 2026-07-28 client's side of stdio: exchanges share the pipe, told apart by ids and tokens.
import { keyOf } from '../lib/json.mjs';
import { metaKey } from '../lib/revisions.mjs';
import { isNotification, isRequest, notification } from '../lib/rpc.mjs';
import { Stdio } from './stdio.mjs';

export class ModernStdio {
    #open = new Map();
    #ended = new Set();

    constructor(command, judge, options) {
        this.pipe = new Stdio(command, judge, options);
        this.judge = judge;
    }

    get program() {
        return this.pipe.program;
    }

    start() {
        const lose = (error) => {
            for (const { reject } of this.#open.values()) reject(error);
        };
        return this.pipe.start({ receive: (message) => this.#receive(message), lose });
    }

    exchange(message, _annotated, told) {
        const key = keyOf(message.id);
        const response = new Promise((resolve, reject) =>
            this.#open.set(key, { message, told, resolve, reject }),
        );
        this.pipe.send(message);
        return { response, abandon: () => this.#abandon(message.id) };
    }

    close() {
        return this.pipe.close();
    }

    #abandon(id) {
        this.#finish(keyOf(id));
        this.pipe.send(notification('notifications/cancelled', { requestId: id }));
    }

    #finish(key) {
        this.#open.delete(key);
        this.#ended.add(key);
    }

    #receive(message) {
        if (Array.isArray(message)) this.judge.complain('a batch');
        else if (isRequest(message)) this.judge.complain(`the request ${message.method}`);
        else if (isNotification(message)) this.#note(message);
        else this.#settle(message);
    }

    #settle(message) {
        const key = keyOf(message.id);
        const exchange = this.#open.get(key);
        if (exchange) {
            this.#finish(key);
            exchange.resolve(message);
        } else if (!this.#ended.has(key)) this.judge.complain(`a response to ${key}`);
    }

    #note(message) {
        const owner = [...this.#open.values()].find((each) => this.#isFor(message, each.message));
        if (owner) owner.told(message);
        else if (!this.#isLate(message)) this.judge.complain(`${message.method} for nobody`);
    }

    #isFor({ method, params }, { id, params: asked }) {
        const subscription = params?._meta?.[metaKey('subscriptionId')];
        if (subscription !== undefined) return keyOf(subscription) === keyOf(id);
        const { progressToken: token, [metaKey('logLevel')]: level } = asked._meta;
        if (method === 'notifications/progress')
            return keyOf(params.progressToken) === keyOf(token);
        return method === 'notifications/message' && level !== undefined;
    }

    /** What crosses the cancellation of a listen on its way, or ends it. */
    #isLate({ method, params }) {
        const id = params?._meta?.[metaKey('subscriptionId')] ?? params?.requestId;
        return (
            id !== undefined && this.#ended.has(keyOf(id)) && method !== 'notifications/progress'
        );
    }
}
