// SPDX-License-Identifier: Apache-2.0
// One session of a server that speaks exactly one session-era revision, whatever the transport.
import { keyOf } from '../lib/json.mjs';
import {
    isAtLeast,
    knownRequests,
    legacy,
    levels,
    metaKey,
    requestsOf,
} from '../lib/revisions.mjs';
import {
    RpcError,
    failure,
    internalError,
    invalidParams,
    invalidRequest,
    isNotification,
    isRequest,
    methodNotFound,
    notification,
    result,
} from '../lib/rpc.mjs';
import { Questions, ToolError } from './questions.mjs';
import { serverInfo } from './world.mjs';

const modernKeys = ['protocolVersion', 'clientInfo', 'clientCapabilities', 'logLevel'].map(metaKey);
const clientNotifications = [
    'notifications/initialized',
    'notifications/cancelled',
    'notifications/progress',
    'notifications/roots/list_changed',
];

const toolError = (text) => ({ content: [{ type: 'text', text }], isError: true });

export class LegacySession {
    #state = 'new';
    #seen = new Set();
    #running = new Map();
    #tokens = new Set();
    #uris = new Set();
    #level;
    #questions = new Questions(this);

    /** `send(message, related)` carries a message; `related` is the request that it belongs to. */
    constructor({ revision, world, notes, send }) {
        Object.assign(this, { revision, world, notes, send });
        this.forget = world.onChange((method, params) => this.#tellChange(method, params));
    }

    get isOpen() {
        return this.#state === 'open';
    }

    /** Resolves once whatever `message` asks for has been answered. */
    async receive(message) {
        if (message?.jsonrpc !== '2.0') return this.#complain('not JSON-RPC 2.0');
        if (isRequest(message)) return this.#answer(message);
        if (isNotification(message)) return this.#note(message);
        if (this.#questions.settle(message)) return undefined;
        return this.#complain(`an answer to ${keyOf(message.id)}, never asked`);
    }

    end() {
        this.forget();
        for (const controller of this.#running.values()) controller.abort();
    }

    #complain(what) {
        this.notes.violation(`${this.revision}: ${what}`);
    }

    async #answer(message) {
        const key = keyOf(message.id);
        const call = this.#begin(message);
        const outcome = await this.#outcome(message, call);
        this.#running.delete(key);
        this.#tokens.delete(keyOf(message.params?._meta?.progressToken));
        if (!call.signal.aborted) this.send(outcome, message.id);
    }

    async #outcome(message, call) {
        try {
            return result(message.id, await this.#perform(message, call));
        } catch (error) {
            if (error instanceof ToolError) return result(message.id, toolError(error.message));
            if (error instanceof RpcError) return failure(message.id, error);
            this.#complain(`the fixture itself failed: ${error.stack}`);
            return failure(message.id, new RpcError(internalError, error.message));
        }
    }

    #begin(message) {
        const key = keyOf(message.id);
        if (this.#seen.has(key)) this.#complain(`id ${key} was used before`);
        if (message.id === null) this.#complain('an id is null');
        this.#seen.add(key);
        const controller = new AbortController();
        this.#running.set(key, controller);
        this.#takeToken(message.params?._meta?.progressToken);
        return this.#makeCall(message, controller.signal);
    }

    #takeToken(token) {
        if (token === undefined) return;
        if (this.#tokens.has(keyOf(token))) this.#complain(`two requests have token ${token}`);
        this.#tokens.add(keyOf(token));
    }

    #makeCall({ id, params }, signal) {
        const token = params?._meta?.progressToken;
        const tell = (method, told) => {
            if (!signal.aborted) this.send(notification(method, told), id);
        };
        return {
            signal,
            progress: (progress, total) => {
                if (token === undefined) return;
                tell('notifications/progress', { progressToken: token, progress, total });
            },
            log: (level, data) => {
                if (!this.#level || !isAtLeast(level, this.#level)) return;
                tell('notifications/message', { level, logger: 'matrix', data });
            },
            ask: (questions) =>
                Promise.all(
                    questions.map(([method, asked]) => this.#questions.ask(method, asked, id)),
                ),
            visit: (asked) => this.#questions.visit(asked),
        };
    }

    #perform({ method, params }, call) {
        this.#checkTurn(method, params);
        if (!requestsOf(this.revision).has(method)) {
            throw new RpcError(methodNotFound, `unknown method ${method}`);
        }
        const own = this.#methods[method];
        return own ? own(params ?? {}) : this.world.handle(method, params, call);
    }

    #checkTurn(method, params) {
        const isProbe = method === 'server/discover' && this.#state === 'new';
        if (isProbe) return;
        if (method !== 'initialize' && method !== 'ping' && this.#state !== 'open') {
            this.#complain(`${method} before the session was open`);
            throw new RpcError(invalidRequest, 'the session is not open');
        }
        if (knownRequests.has(method) && !requestsOf(this.revision).has(method)) {
            this.#complain(`${method} belongs to another revision`);
        }
        const foreign = modernKeys.filter((key) => params?._meta && key in params._meta);
        if (foreign.length) this.#complain(`${method} has ${foreign} in its _meta`);
    }

    #methods = {
        initialize: (params) => this.#initialize(params),
        ping: () => ({}),
        'logging/setLevel': ({ level }) => {
            if (!levels.includes(level)) throw new RpcError(invalidParams, 'unknown level');
            this.#level = level;
            return {};
        },
        'resources/subscribe': ({ uri }) => {
            this.#uris.add(uri);
            return {};
        },
        'resources/unsubscribe': ({ uri }) => {
            if (!this.#uris.delete(uri)) this.#complain(`${uri} was not subscribed to`);
            return {};
        },
    };

    #initialize({ protocolVersion, capabilities, clientInfo }) {
        if (this.#state !== 'new') {
            this.#complain('a second initialize');
            throw new RpcError(invalidRequest, 'the session is open already');
        }
        if (!legacy.includes(protocolVersion)) this.#complain(`asked for ${protocolVersion}`);
        if (!clientInfo?.name || !clientInfo?.version) this.#complain('no proper clientInfo');
        if (typeof capabilities !== 'object') this.#complain('no capabilities');
        this.capabilities = capabilities ?? {};
        this.#state = 'initializing';
        return {
            protocolVersion: this.revision,
            capabilities: this.world.capabilities,
            serverInfo,
        };
    }

    #note({ method, params }) {
        if (!clientNotifications.includes(method)) this.#complain(`notification ${method}`);
        if (method === 'notifications/initialized') {
            if (this.#state !== 'initializing') this.#complain(`initialized while ${this.#state}`);
            this.#state = 'open';
        }
        if (method === 'notifications/cancelled') this.#cancel(params);
    }

    #cancel(params) {
        const key = keyOf(params?.requestId);
        if (!this.#seen.has(key)) this.#complain(`cancelled ${key}, which was never requested`);
        this.#running.get(key)?.abort();
    }

    #tellChange(method, params) {
        if (this.#state !== 'open') return;
        if (method === 'notifications/resources/updated' && !this.#uris.has(params.uri)) return;
        this.send(notification(method, params));
    }
}
