// SPDX-License-Identifier: Apache-2.0
// Whether what a server says is legal in the revision that its client speaks.
import {
    cacheable,
    changesOf,
    hasUrlElicitation,
    interactive,
    isModern,
    metaKey,
    questionsOf,
    reportsOf,
} from '../lib/revisions.mjs';
import {
    headerMismatch,
    isNotification,
    isRequest,
    legacyNotFound,
    missingCapability,
    unsupportedVersion,
    urlRequired,
} from '../lib/rpc.mjs';

const modernCodes = [headerMismatch, missingCapability, unsupportedVersion];
const isReserved = (code) => code <= -32000 && code >= -32099;

export class Judge {
    violations = [];

    constructor(revision) {
        this.revision = revision;
    }

    complain(what) {
        this.violations.push(`to a ${this.revision} client: ${what}`);
    }

    /** All complaints since the last call. */
    take() {
        return this.violations.splice(0);
    }

    /** A message in the session era. */
    legacyMessage(message) {
        if (message.jsonrpc !== '2.0') this.complain('not JSON-RPC 2.0');
        if (typeof (message.params ?? {}) !== 'object') this.complain('params that are no object');
        if (isRequest(message)) this.#question(message);
        else if (isNotification(message)) this.#notification(message);
        else if (message.error) this.#legacyError(message.error);
        else this.#legacyResult(message.result);
    }

    #question({ method, params }) {
        if (method === 'ping') return;
        if (!questionsOf(this.revision).has(method)) this.complain(`the request ${method}`);
        const isUrl = params?.mode === 'url';
        if (isUrl && !hasUrlElicitation(this.revision)) this.complain('url elicitation');
        if (isUrl && !params.elicitationId) this.complain('url elicitation without an id');
    }

    #notification({ method, params }) {
        const isKnown =
            changesOf().has(method) ||
            reportsOf().has(method) ||
            method === 'notifications/cancelled' ||
            (method === 'notifications/elicitation/complete' && hasUrlElicitation(this.revision));
        if (!isKnown) this.complain(`the notification ${method}`);
        if (params?._meta?.[metaKey('subscriptionId')] !== undefined) {
            this.complain(`a subscription id on ${method}`);
        }
    }

    #legacyError({ code }) {
        if (code === headerMismatch || code === unsupportedVersion) this.complain(`error ${code}`);
    }

    #legacyResult(result) {
        if (typeof result !== 'object' || result === null) this.complain('a result that is none');
        const type = result?.resultType ?? 'complete';
        if (type !== 'complete') this.complain(`a result of type ${type}`);
    }

    /** What the server offers, in the answer to `initialize`. */
    legacyCapabilities(capabilities) {
        if ('extensions' in capabilities) this.complain('the capability extensions');
        if ('tasks' in capabilities && !hasUrlElicitation(this.revision)) {
            this.complain('the capability tasks');
        }
    }

    /** The response to `request` of 2026-07-28. */
    modernResponse(request, message) {
        if (message.jsonrpc !== '2.0') this.complain('not JSON-RPC 2.0');
        if (message.error) this.#modernError(request, message.error);
        else this.#modernResult(request, message.result);
    }

    #modernError({ method }, { code }) {
        const isForbidden =
            code === legacyNotFound ||
            code === urlRequired ||
            (isReserved(code) && !modernCodes.includes(code));
        if (isForbidden) this.complain(`error ${code} to ${method}`);
    }

    #modernResult({ method }, result) {
        const type = result?.resultType;
        if (!['complete', 'input_required'].includes(type)) {
            this.complain(`resultType ${type} in the answer to ${method}`);
        }
        if (type === 'input_required') this.#inputRequired(method, result);
        if (!result?._meta?.[metaKey('serverInfo')]) this.complain(`no serverInfo from ${method}`);
        if (cacheable.has(method) && type === 'complete') this.#cacheHints(method, result);
    }

    #inputRequired(method, { inputRequests, requestState }) {
        if (!interactive.has(method)) this.complain(`${method} requires input`);
        if (!inputRequests && requestState === undefined) this.complain('nothing is required');
        for (const each of Object.values(inputRequests ?? {})) {
            if (!questionsOf(this.revision).has(each.method)) this.complain(`asks ${each.method}`);
            if ('id' in each || 'jsonrpc' in each) this.complain(`${each.method} has an id`);
            if (each.params && 'elicitationId' in each.params) this.complain('an elicitationId');
        }
    }

    #cacheHints(method, { ttlMs, cacheScope }) {
        if (!(Number.isInteger(ttlMs) && ttlMs >= 0))
            this.complain(`ttlMs ${ttlMs} from ${method}`);
        if (!['public', 'private'].includes(cacheScope)) {
            this.complain(`cacheScope ${cacheScope} from ${method}`);
        }
    }
}
