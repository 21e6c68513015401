// SPDX-License-Identifier: Apache-2.0
// A stateless server that speaks exactly 2026-07-28, whatever the transport.
import {
    cacheable,
    interactive,
    isAtLeast,
    knownRequests,
    levels,
    metaKey,
    modern,
    requestsOf,
} from '../lib/revisions.mjs';
import {
    RpcError,
    failure,
    internalError,
    invalidParams,
    methodNotFound,
    missingCapability,
    notification,
    result,
    unsupportedVersion,
} from '../lib/rpc.mjs';
import { RequestStates } from './request_state.mjs';
import { serverInfo } from './world.mjs';

const needs = {
    'sampling/createMessage': () => ({ sampling: {} }),
    'roots/list': () => ({ roots: {} }),
    'elicitation/create': ({ mode }) => ({ elicitation: mode === 'url' ? { url: {} } : {} }),
};

const listChanges = {
    toolsListChanged: 'notifications/tools/list_changed',
    promptsListChanged: 'notifications/prompts/list_changed',
    resourcesListChanged: 'notifications/resources/list_changed',
};

/** The result has to wait for answers of the client, beside those that it gave before. */
class InputRequired {
    constructor(questions, answered) {
        const named = questions.map(([method, params], i) => [
            `q${answered.length}-${i}`,
            params ? { method, params } : { method },
        ]);
        this.inputRequests = Object.fromEntries(named);
        this.answered = answered;
    }
}

/** Whether `declared` has all of `needed`; an empty elicitation stands for its form mode. */
const satisfies = (declared, needed) =>
    Object.entries(needed).every(
        ([name, inner]) => declared?.[name] && satisfies(declared[name], inner),
    );

export class ModernServer {
    #states = new RequestStates();
    #isKnown = false;

    constructor({ world, notes }) {
        this.world = world;
        this.notes = notes;
    }

    /** Answers `message`; `exchange` has send(notification) and a signal. Returns the response. */
    async serve(message, exchange) {
        try {
            this.#checkOpening(message);
            this.#checkMeta(message);
            this.#checkMethod(message);
            this.#isKnown = true;
            const value = await this.#perform(message, exchange);
            return result(message.id, this.#complete(message.method, value));
        } catch (error) {
            if (error instanceof InputRequired) return this.#requireInput(message, error);
            if (error instanceof RpcError) return failure(message.id, error);
            this.#complain(`the fixture itself failed: ${error.stack}`);
            return failure(message.id, new RpcError(internalError, error.message));
        }
    }

    #complain(what) {
        this.notes.violation(`${modern}: ${what}`);
    }

    #refuse(code, what, data) {
        this.#complain(what);
        throw new RpcError(code, what, data);
    }

    /** Until it has shown its era, a client may find that out by `initialize`, and is told. */
    #checkOpening({ method, params }) {
        if (method !== 'initialize' || this.#isKnown || params?._meta) return;
        const data = { supported: [modern], requested: params?.protocolVersion };
        throw new RpcError(unsupportedVersion, 'this server has no sessions', data);
    }

    #checkMeta({ method, params }) {
        const meta = params?._meta;
        const version = meta?.[metaKey('protocolVersion')];
        const capabilities = meta?.[metaKey('clientCapabilities')];
        if (typeof version !== 'string' || typeof capabilities !== 'object') {
            this.#refuse(invalidParams, `${method} without what _meta must have`);
        }
        if (version !== modern) {
            const data = { supported: [modern], requested: version };
            this.#refuse(unsupportedVersion, `${method} in revision ${version}`, data);
        }
        if (!meta[metaKey('clientInfo')]?.name) this.#complain(`${method} without clientInfo`);
        if ('tasks' in capabilities) this.#complain("the capability tasks is another revision's");
        const level = meta[metaKey('logLevel')];
        if (level !== undefined && !levels.includes(level)) {
            throw new RpcError(invalidParams, 'unknown log level');
        }
    }

    #checkMethod({ method }) {
        if (requestsOf(modern).has(method)) return;
        if (knownRequests.has(method)) this.#complain(`${method} belongs to other revisions`);
        throw new RpcError(methodNotFound, `unknown method ${method}`);
    }

    #perform(message, exchange) {
        const { method, params } = message;
        if (method === 'server/discover') return this.#discover();
        if (method === 'subscriptions/listen') return this.#listen(message, exchange);
        const isRetry = 'requestState' in params || 'inputResponses' in params;
        const answered = isRetry ? this.#takeAnswers(message) : [];
        return this.world.handle(method, params, this.#makeCall(message, exchange, answered));
    }

    /** The answers of each round so far: a list for each. */
    #takeAnswers(message) {
        if (!interactive.has(message.method)) this.#complain(`a retry of ${message.method}`);
        try {
            return this.#states.open(message);
        } catch (error) {
            this.#complain(error.message);
            throw error;
        }
    }

    #discover() {
        return { supportedVersions: [modern], capabilities: this.world.capabilities };
    }

    #complete(method, value) {
        const hints = cacheable.has(method) ? { ttlMs: 0, cacheScope: 'private' } : {};
        const _meta = { ...value._meta, [metaKey('serverInfo')]: serverInfo };
        return { resultType: 'complete', ...hints, ...value, _meta };
    }

    #requireInput(message, { inputRequests, answered }) {
        const requestState = this.#states.seal(message, Object.keys(inputRequests), answered);
        const _meta = { [metaKey('serverInfo')]: serverInfo };
        return result(message.id, {
            resultType: 'input_required',
            inputRequests,
            requestState,
            _meta,
        });
    }

    #makeCall({ params }, { send, signal }, answered) {
        const { progressToken: token, [metaKey('logLevel')]: bound } = params._meta;
        const tell = (method, told) => {
            if (!signal.aborted) send(notification(method, told));
        };
        return {
            signal,
            progress: (progress, total) => {
                if (token === undefined) return;
                tell('notifications/progress', { progressToken: token, progress, total });
            },
            log: (level, data) => {
                if (!bound || !isAtLeast(level, bound)) return;
                tell('notifications/message', { level, logger: 'matrix', data });
            },
            ...this.#makeAsk(params, answered),
        };
    }

    /** The tool starts anew with every round, and is told the answers of earlier rounds at once. */
    #makeAsk({ _meta }, answered) {
        const rounds = [...answered];
        const ask = async (questions) => {
            for (const each of questions) this.#checkCapability(_meta, ...each);
            if (rounds.length === 0) throw new InputRequired(questions, answered);
            return rounds.shift();
        };
        const visit = async (asked) => (await ask([['elicitation/create', asked]]))[0].action;
        return { ask, visit };
    }

    #checkCapability(meta, method, params = {}) {
        const requiredCapabilities = needs[method](params);
        if (satisfies(meta[metaKey('clientCapabilities')], requiredCapabilities)) return;
        const data = { requiredCapabilities };
        throw new RpcError(missingCapability, `the client lacks what ${method} needs`, data);
    }

    /** Holds the exchange until it is cancelled; nothing follows then. */
    #listen({ id, params }, { send, signal }) {
        const wanted = params.notifications;
        if (typeof wanted !== 'object') this.#refuse(invalidParams, 'a listen for nothing');
        const tagged = (method, told) => {
            const _meta = { [metaKey('subscriptionId')]: id };
            if (!signal.aborted) send(notification(method, { ...told, _meta }));
        };
        tagged('notifications/subscriptions/acknowledged', { notifications: wanted });
        const methods = Object.keys(listChanges)
            .filter((key) => wanted[key])
            .map((key) => listChanges[key]);
        const isWanted = (method, told) =>
            methods.includes(method) || wanted.resourceSubscriptions?.includes(told?.uri);
        const forget = this.world.onChange((method, told) => {
            if (isWanted(method, told)) tagged(method, told);
        });
        return new Promise((resolve) => {
            const end = () => resolve(forget());
            if (signal.aborted) end();
            signal.addEventListener('abort', end);
        }).then(() => ({ _meta: { [metaKey('subscriptionId')]: id } }));
    }
}
