// SPDX-License-Identifier: Apache-2.0
// A client that speaks one session-era revision (and, like all of them, those before it).
import { keyOf } from '../lib/json.mjs';
import { legacy } from '../lib/revisions.mjs';
import {
    RpcError,
    failure,
    isNotification,
    isRequest,
    methodNotFound,
    notification,
    request,
    result,
} from '../lib/rpc.mjs';
import { answers, capabilitiesOf, clientInfo } from './answers.mjs';

export class LegacyClient {
    asked = [];
    logs = [];
    #count = 0;
    #waiting = new Map();
    #progress = new Map();
    #watches = new Set();

    constructor(revision, transport, judge) {
        Object.assign(this, { revision, transport, judge });
    }

    async open() {
        await this.transport.start({
            receive: (message, where) => this.#receive(message, where),
            isWaiting: (id) => this.#waiting.has(keyOf(id)),
            lose: (error) => this.#lose(error),
        });
        const capabilities = capabilitiesOf(this.revision);
        const params = { protocolVersion: this.revision, capabilities, clientInfo };
        const opened = await this.request('initialize', params);
        this.#takeVersion(opened.protocolVersion);
        this.capabilities = opened.capabilities;
        this.judge.legacyCapabilities(opened.capabilities);
        if (!opened.serverInfo?.name) this.judge.complain('no serverInfo');
        await this.transport.opened(this.negotiated);
    }

    /** A client knows its own revision and older ones; a newer one it can't live with. */
    #takeVersion(version) {
        if (!legacy.includes(version) || version > this.revision) {
            throw new Error(`the server speaks ${version}, which a ${this.revision} client can't`);
        }
        this.negotiated = version;
        this.judge.revision = version;
    }

    request(method, params, options) {
        return this.start(method, params, options).answer;
    }

    /** Like `request`, but what it returns can also cancel, and lose its connection where it has one
     * of its own. `onProgress` gets each notification. */
    start(method, params, { onProgress } = {}) {
        const message = this.#make(method, params, onProgress);
        const answer = this.#expect(message.id);
        this.transport.send(message).catch((error) => this.#reject(message.id, error));
        const disconnect =
            this.transport.disconnect && (() => this.transport.disconnect(message.id));
        return { answer, cancel: () => this.#cancel(message.id), disconnect };
    }

    /** Sends requests as one batch; [method, params] each. */
    batch(calls) {
        const messages = calls.map(([method, params]) => this.#make(method, params));
        const answered = messages.map(({ id }) => this.#expect(id));
        const fail = (error) => messages.forEach(({ id }) => this.#reject(id, error));
        this.transport.send(messages).catch(fail);
        return Promise.all(answered);
    }

    call(name, args = {}, options) {
        return this.request('tools/call', { name, arguments: args }, options);
    }

    /** Options for requests whose log messages are wanted. */
    async logging(level) {
        await this.request('logging/setLevel', { level });
        return {};
    }

    /** Hears of changes of the tools, and of the resources `uris`. */
    async watch({ uris = [] }) {
        const watch = { heard: [] };
        this.#watches.add(watch);
        for (const uri of uris) await this.request('resources/subscribe', { uri });
        watch.close = async () => {
            for (const uri of uris) await this.request('resources/unsubscribe', { uri });
            this.#watches.delete(watch);
        };
        return watch;
    }

    close() {
        return this.transport.close();
    }

    /** Ids are numbers and strings in turn: a proxy must keep their type. */
    #make(method, params, onProgress) {
        const number = ++this.#count;
        const id = number % 2 ? number : `${number}`;
        if (!onProgress) return request(id, method, params);
        this.#progress.set(keyOf(id), onProgress);
        return request(id, method, { ...params, _meta: { progressToken: id } });
    }

    #expect(id) {
        const answer = new Promise((resolve, reject) =>
            this.#waiting.set(keyOf(id), { resolve, reject }),
        );
        // Who cancels does not wait for the answer.
        answer.catch(() => {});
        return answer;
    }

    #cancel(id) {
        this.#forget(id);
        return this.transport.send(notification('notifications/cancelled', { requestId: id }));
    }

    #forget(id) {
        this.#waiting.delete(keyOf(id));
        this.#progress.delete(keyOf(id));
    }

    #reject(id, error) {
        const waiting = this.#waiting.get(keyOf(id));
        this.#forget(id);
        waiting?.reject(error);
    }

    #lose(error) {
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
    }

    #receive(message, where) {
        if (Array.isArray(message)) {
            if (this.negotiated !== '2025-03-26') this.judge.complain('a batch');
            message.forEach((each) => this.#receive(each, where));
            return;
        }
        this.judge.legacyMessage(message);
        if (isRequest(message)) this.#answer(message);
        else if (isNotification(message)) this.#note(message);
        else this.#settle(message);
    }

    #settle({ id, result: value, error }) {
        const waiting = this.#waiting.get(keyOf(id));
        if (!waiting) {
            this.judge.complain(`a response to ${keyOf(id)}, which is not in flight`);
            return;
        }
        this.#forget(id);
        if (error) waiting.reject(new RpcError(error.code, error.message, error.data));
        else waiting.resolve(value);
    }

    #answer({ id, method, params }) {
        if (method === 'ping') return this.transport.send(result(id, {}));
        this.asked.push({ method, params });
        const find = answers[method];
        const isDeclared =
            method !== 'elicitation/create' || 'elicitation' in capabilitiesOf(this.revision);
        if (!isDeclared) this.judge.complain(`asks for ${method}, which was not declared`);
        const unknown = new RpcError(methodNotFound, `unknown method ${method}`);
        return this.transport.send(find ? result(id, find(params)) : failure(id, unknown));
    }

    #note({ method, params }) {
        if (method === 'notifications/message') this.logs.push(params);
        else if (method === 'notifications/progress') this.#noteProgress(params);
        else for (const watch of this.#watches) watch.heard.push({ method, params });
    }

    #noteProgress(params) {
        const listener = this.#progress.get(keyOf(params.progressToken));
        if (listener) listener(params);
        else
            this.judge.complain(
                `progress of ${keyOf(params.progressToken)}, which is not in flight`,
            );
    }
}
