// SPDX-License-Identifier: Apache-2.0
// A client that speaks 2026-07-28: every request stands for itself.
import { keyOf } from '../lib/json.mjs';
import { isAtLeast, metaKey, modern } from '../lib/revisions.mjs';
import { RpcError, request } from '../lib/rpc.mjs';
import { encodeHeader } from '../lib/sentinel.mjs';
import { answers, capabilitiesOf, clientInfo } from './answers.mjs';
import { Listen } from './listen.mjs';

const mostRounds = 5;

export class ModernClient {
    asked = [];
    logs = [];
    negotiated = modern;
    #count = 0;
    #schemas = new Map();

    constructor(revision, transport, judge) {
        Object.assign(this, { revision, transport, judge });
    }

    async open() {
        await this.transport.start();
        const found = await this.request('server/discover');
        if (!found.supportedVersions?.includes(modern))
            this.judge.complain('lacks its own revision');
        this.capabilities = found.capabilities;
    }

    request(method, params, options) {
        return this.start(method, params, options).answer;
    }

    /** Like `request`, but what it returns can also cancel. `onProgress` gets each notification. */
    start(method, params, options = {}) {
        const control = {};
        const answer = this.#converse(method, params, options, control);
        // Who cancels does not wait for the answer.
        answer.catch(() => {});
        return { answer, cancel: () => control.abandon() };
    }

    call(name, args = {}, options) {
        return this.request('tools/call', { name, arguments: args }, options);
    }

    /** Options for requests whose log messages are wanted. */
    async logging(level) {
        return { logLevel: level };
    }

    /** Hears of changes of the tools, and of the resources `uris`. */
    async watch({ uris = [] }) {
        const filter = { toolsListChanged: true };
        if (uris.length) filter.resourceSubscriptions = uris;
        const listen = new Listen(filter, this.judge);
        const message = this.#make('subscriptions/listen', { notifications: filter }, {});
        const { response, abandon } = this.transport.exchange(message, {}, (told) =>
            listen.take(message.id, told),
        );
        const refused = response.then(({ error }) => {
            throw new Error(`the listen ended: ${error?.code} ${error?.message}`);
        });
        await Promise.race([listen.ready, refused]);
        refused.catch(() => {});
        listen.close = async () => abandon();
        return listen;
    }

    close() {
        return this.transport.close();
    }

    #make(method, params, { onProgress, logLevel }) {
        const number = ++this.#count;
        const id = number % 2 ? number : `${number}`;
        const _meta = {
            [metaKey('protocolVersion')]: modern,
            [metaKey('clientCapabilities')]: capabilitiesOf(modern),
            [metaKey('clientInfo')]: clientInfo,
            ...(onProgress ? { progressToken: `token-${id}` } : {}),
            ...(logLevel ? { [metaKey('logLevel')]: logLevel } : {}),
        };
        return request(id, method, { ...params, _meta });
    }

    /** Asks until the answer is complete, answering what the server wants to know in between. */
    async #converse(method, params, options, control) {
        let extra = {};
        for (let round = 0; round < mostRounds; ++round) {
            const found = await this.#exchange(method, { ...params, ...extra }, options, control);
            if (found.resultType !== 'input_required') return this.#finish(method, found);
            extra = this.#answer(found);
        }
        throw new Error(`${method} wants input again and again`);
    }

    async #exchange(method, params, options, control) {
        const message = this.#make(method, params, options);
        const told = (notification) => this.#note(message, options, notification);
        const exchange = this.transport.exchange(message, this.#annotated(message), told);
        control.abandon = exchange.abandon;
        const response = await exchange.response;
        this.judge.modernResponse(message, response);
        const { error } = response;
        if (error) throw new RpcError(error.code, error.message, error.data);
        return response.result;
    }

    #answer({ inputRequests = {}, requestState }) {
        const inputResponses = {};
        for (const [key, { method, params }] of Object.entries(inputRequests)) {
            this.asked.push({ method, params });
            inputResponses[key] = answers[method](params ?? {});
        }
        return requestState === undefined ? { inputResponses } : { inputResponses, requestState };
    }

    #finish(method, found) {
        if (method !== 'tools/list') return found;
        for (const { name, inputSchema } of found.tools) this.#schemas.set(name, inputSchema);
        return found;
    }

    /** The `Mcp-Param-*` headers of a call. */
    #annotated({ method, params }) {
        const properties =
            method === 'tools/call' ? this.#schemas.get(params.name)?.properties : {};
        const headers = {};
        for (const [key, { 'x-mcp-header': name }] of Object.entries(properties ?? {})) {
            const value = params.arguments?.[key];
            if (!name || value === undefined || value === null) continue;
            headers[`mcp-param-${name.toLowerCase()}`] = encodeHeader(value);
        }
        return headers;
    }

    #note(message, { onProgress, logLevel }, { method, params }) {
        const token = message.params._meta.progressToken;
        if (method === 'notifications/progress' && token !== undefined) {
            if (keyOf(params.progressToken) !== keyOf(token))
                this.judge.complain('foreign progress');
            onProgress(params);
        } else if (method === 'notifications/message' && logLevel) {
            if (!isAtLeast(params.level, logLevel)) this.judge.complain(`a log of ${params.level}`);
            this.logs.push(params);
        } else this.judge.complain(`${method} on the stream of ${message.method}`);
    }
}
