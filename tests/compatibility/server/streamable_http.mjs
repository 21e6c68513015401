// SPDX-License-Identifier: Apache-2.0
// Streamable HTTP of 2025-03-26 to 2025-11-25: one endpoint, sessions, POST, GET and DELETE.
import { randomUUID } from 'node:crypto';

import { keyOf } from '../lib/json.mjs';
import { hasBatches, hasPriming, hasVersionHeader } from '../lib/revisions.mjs';
import { invalidRequest, isRequest, isResponse } from '../lib/rpc.mjs';
import { EventStream } from './event_stream.mjs';
import { checkPost, listen, readBody, refuse, reply } from './http.mjs';
import { LegacySession } from './legacy_session.mjs';

const retryMs = 20;

class HttpSession {
    id = randomUUID();
    #replies = new Map();
    #streams = new Map();

    constructor(options) {
        this.isPriming = hasPriming(options.revision);
        this.standalone = this.#addStream();
        this.core = new LegacySession({ ...options, send: (...sent) => this.#send(...sent) });
    }

    /** Performs the requests of one POST; a tool call is answered as a stream, the rest as JSON. */
    post(messages, isBatch, response, headers) {
        const ids = messages.filter(isRequest).map(({ id }) => keyOf(id));
        const isStreamed = messages.some(({ method }) => method === 'tools/call');
        const stream = isStreamed ? this.#addStream() : undefined;
        const exchange = { open: new Set(ids), answers: [], isBatch, response, headers, stream };
        for (const id of ids) this.#replies.set(id, exchange);
        stream?.attach(response);
        this.#dropEarly(messages, stream);
        return Promise.all(messages.map((each) => this.core.receive(each)));
    }

    /** 2025-11-25 may end the connection once the client can come back: here it always does. */
    #dropEarly([{ params }], stream) {
        if (this.isPriming && stream && params.name === 'count') stream.drop(retryMs);
    }

    resume(lastEventId, response) {
        const [id, number] = lastEventId.split('.');
        const stream = this.#streams.get(id);
        if (!stream) return false;
        stream.attach(response, Number(number));
        return true;
    }

    #addStream() {
        const stream = new EventStream(this);
        this.#streams.set(stream.id, stream);
        return stream;
    }

    #send(message, related) {
        const exchange = related === undefined ? undefined : this.#replies.get(keyOf(related));
        if (!exchange) return this.standalone.push(message);
        if (exchange.stream) exchange.stream.push(message);
        else exchange.answers.push(message);
        if (isResponse(message)) this.#finish(exchange, message.id);
        return undefined;
    }

    #finish(exchange, id) {
        this.#replies.delete(keyOf(id));
        exchange.open.delete(keyOf(id));
        if (exchange.open.size > 0) return;
        if (exchange.stream) exchange.stream.end();
        else {
            const { response, answers, isBatch, headers } = exchange;
            reply(response, 200, isBatch ? answers : answers[0], headers);
        }
    }
}

class Endpoint {
    #sessions = new Map();

    constructor(options) {
        this.options = options;
        this.notes = options.notes;
    }

    async serve(request, response) {
        if (request.url !== '/mcp') return reply(response, 404);
        const method = { POST: this.#post, GET: this.#get, DELETE: this.#delete }[request.method];
        if (method) return method.call(this, request, response);
        return reply(response, 405, undefined, { allow: 'POST, GET, DELETE' });
    }

    async #post(request, response) {
        checkPost(request, this.notes);
        const body = await readBody(request);
        if (Array.isArray(body) && !hasBatches(this.options.revision)) {
            this.notes.violation('a batch');
            return refuse(response, 400, invalidRequest, 'this revision has no batches');
        }
        if (body.method === 'initialize') return this.#open(request, response, body);
        const session = this.#find(request, response, body.method === 'server/discover');
        if (!session) return undefined;
        const messages = [body].flat();
        if (!messages.some(isRequest)) reply(response, 202);
        return session.post(messages, Array.isArray(body), response);
    }

    #open(request, response, body) {
        if (request.headers['mcp-session-id']) this.notes.violation('initialize within a session');
        const session = new HttpSession(this.options);
        this.#sessions.set(session.id, session);
        return session.post([body], false, response, { 'mcp-session-id': session.id });
    }

    #find(request, response, isProbe) {
        const id = request.headers['mcp-session-id'];
        const session = this.#sessions.get(id);
        if (session) return this.#checkVersion(request, response) ? session : undefined;
        if (!isProbe) this.notes.violation(`${request.method} in session ${id}, which is none`);
        if (id === undefined) refuse(response, 400, -32000, 'a session id is required');
        else refuse(response, 404, -32001, 'no such session');
        return undefined;
    }

    #checkVersion(request, response) {
        const version = request.headers['mcp-protocol-version'];
        const { revision } = this.options;
        const isRight = version === revision || (!version && !hasVersionHeader(revision));
        if (isRight) return true;
        this.notes.violation(`${request.method} with MCP-Protocol-Version ${version}`);
        refuse(response, 400, -32000, 'unsupported protocol version');
        return false;
    }

    async #get(request, response) {
        const session = this.#find(request, response, false);
        if (!session) return undefined;
        const last = request.headers['last-event-id'];
        if (last !== undefined) return session.resume(last, response) || reply(response, 404);
        if (session.standalone.isAttached) {
            this.notes.violation('a second GET stream');
            return reply(response, 409);
        }
        return session.standalone.attach(response);
    }

    async #delete(request, response) {
        const session = this.#find(request, response, false);
        if (!session) return;
        this.#sessions.delete(session.id);
        session.core.end();
        session.standalone.end();
        reply(response, 200);
    }
}

export function serveStreamableHttp(options) {
    const endpoint = new Endpoint(options);
    listen('/mcp', (request, response) => endpoint.serve(request, response));
}
