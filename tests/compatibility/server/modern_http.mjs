// SPDX-License-Identifier: Apache-2.0
// Streamable HTTP of 2026-07-28: POST only, no sessions, headers that repeat the body.
import { stringify } from '../lib/json.mjs';
import { metaKey, modern, nameOf } from '../lib/revisions.mjs';
import {
    RpcError,
    failure,
    headerMismatch,
    invalidParams,
    invalidRequest,
    isNotification,
    isRequest,
    methodNotFound,
    missingCapability,
    unsupportedVersion,
} from '../lib/rpc.mjs';
import { decodeHeader } from '../lib/sentinel.mjs';
import { formatEvent, sseHeaders } from '../lib/sse.mjs';
import { checkPost, listen, readBody, refuse, reply } from './http.mjs';
import { ModernServer } from './modern_server.mjs';

const statusOf = (code) => {
    if (code === methodNotFound) return 404;
    return [headerMismatch, missingCapability, unsupportedVersion].includes(code) ? 400 : 200;
};

/** The header parameters of a tool: [lower-case header, value in the arguments] each. */
const annotatedOf = (tool, args) =>
    Object.entries(tool?.inputSchema.properties ?? {}).flatMap(([key, schema]) =>
        schema['x-mcp-header']
            ? [[`mcp-param-${schema['x-mcp-header'].toLowerCase()}`, args?.[key]]]
            : [],
    );

/** A header must be there if, and only if, the body has the value, and must mean the same. */
const disagrees = (header, value) =>
    value === undefined || value === null
        ? header !== undefined
        : header === undefined || decodeHeader(header) !== String(value);

class Endpoint {
    constructor(options) {
        this.notes = options.notes;
        this.world = options.world;
        this.server = new ModernServer(options);
    }

    async serve(request, response) {
        if (request.url !== '/mcp') return reply(response, 404);
        if (request.method !== 'POST') return this.#refuseMethod(request, response);
        checkPost(request, this.notes);
        for (const header of ['mcp-session-id', 'last-event-id']) {
            if (request.headers[header]) this.notes.violation(`a POST with ${header}`);
        }
        const body = await readBody(request);
        if (Array.isArray(body) || !(isRequest(body) || isNotification(body))) {
            this.notes.violation('a POST of neither a request nor a notification');
            return refuse(response, 400, invalidRequest, 'one request or notification, please');
        }
        if (isNotification(body)) return this.#note(body, response);
        return this.#answer(body, request, response);
    }

    #refuseMethod(request, response) {
        this.notes.violation(`${request.method} in an era that has only POST`);
        return reply(response, 405, undefined, { allow: 'POST' });
    }

    #note({ method }, response) {
        this.notes.violation(`notification ${method}, which means nothing over HTTP`);
        return reply(response, 202);
    }

    async #answer(message, request, response) {
        const isOpening = message.method === 'initialize' && !message.params?._meta;
        const wrong = isOpening ? undefined : this.#mismatch(message, request.headers);
        if (wrong) {
            this.notes.violation(`${message.method}: ${wrong}`);
            return reply(response, 400, failure(message.id, new RpcError(headerMismatch, wrong)));
        }
        const controller = new AbortController();
        response.on('close', () => response.writableFinished || controller.abort());
        const send = (told) => this.#stream(response, told);
        const answer = await this.server.serve(message, { send, signal: controller.signal });
        return controller.signal.aborted ? undefined : this.#finish(answer, response);
    }

    /** Says what the headers get wrong, if anything. */
    #mismatch(message, headers) {
        const { method, params } = message;
        const version = params?._meta?.[metaKey('protocolVersion')];
        if (version === undefined && headers['mcp-protocol-version'] === modern) return undefined;
        if (headers['mcp-protocol-version'] !== version) return 'MCP-Protocol-Version disagrees';
        if (headers['mcp-method'] !== method) return 'Mcp-Method disagrees';
        if (disagrees(headers['mcp-name'], nameOf(message))) return 'Mcp-Name disagrees';
        if (method !== 'tools/call') return undefined;
        const annotated = annotatedOf(this.world.tools.get(params.name), params.arguments);
        const [wrong] = annotated.find(([name, value]) => disagrees(headers[name], value)) ?? [];
        return wrong && `${wrong} disagrees`;
    }

    #stream(response, message) {
        if (!response.headersSent) response.writeHead(200, sseHeaders);
        response.write(formatEvent({ data: stringify(message) }));
    }

    #finish(answer, response) {
        if (response.headersSent) return response.end(formatEvent({ data: stringify(answer) }));
        const isMissingMeta =
            answer.error?.code === invalidParams && /_meta/.test(answer.error.message);
        return reply(response, isMissingMeta ? 400 : statusOf(answer.error?.code), answer);
    }
}

export function serveModernHttp(options) {
    const endpoint = new Endpoint(options);
    listen('/mcp', (request, response) => endpoint.serve(request, response));
}
