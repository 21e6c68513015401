// SPDX-License-Identifier: Apache-2.0
// Both eras over Streamable HTTP, on a free port of the loopback interface.
import { randomUUID } from 'node:crypto';

import { createMcpExpressApp } from '@modelcontextprotocol/express';
import { toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';

import { EventStore } from './event-store.mjs';
import { makeLegacyServer } from './legacy.mjs';
import { makeModernServer } from './modern.mjs';

const refuse = (res, status, message) =>
    res.status(status).json({ jsonrpc: '2.0', id: null, error: { code: -32000, message } });

/** One transport for each session. */
function legacyHandler() {
    const transports = new Map();
    const open = async () => {
        const transport = new StreamableHTTPServerTransport({
            sessionIdGenerator: randomUUID,
            eventStore: new EventStore(),
            retryInterval: 100,
            onsessioninitialized: (id) => transports.set(id, transport),
            onsessionclosed: (id) => transports.delete(id),
        });
        await makeLegacyServer().connect(transport);
        return transport;
    };
    return async (req, res) => {
        const id = req.headers['mcp-session-id'];
        if (id === undefined && !isInitializeRequest(req.body)) {
            return refuse(res, 400, 'there is no session without initialize');
        }
        const transport = id === undefined ? await open() : transports.get(id);
        if (!transport) return refuse(res, 404, 'unknown session');
        return transport.handleRequest(req, res, req.body);
    };
}

function modernHandler() {
    const notify = { tools: 'toolsChanged', prompts: 'promptsChanged' };
    const changed = (kind) => handler.notify[notify[kind]]();
    const handler = createMcpHandler(() => makeModernServer({ changed }), { legacy: 'reject' });
    return toNodeHandler(handler);
}

function dualHandler() {
    const legacy = legacyHandler();
    const modern = modernHandler();
    return async (req, res) => {
        const isLegacy = await isLegacyRequest(await toWebRequest(req, req.body));
        return isLegacy ? legacy(req, res) : modern(req, res, req.body);
    };
}

const handlers = { legacy: legacyHandler, modern: modernHandler, dual: dualHandler };

/** Serves until its stdin ends, and prints where. */
export function serveHttp(era) {
    const handle = handlers[era]();
    const app = createMcpExpressApp({ host: '127.0.0.1', jsonLimit: '8mb' });
    app.all('/mcp', (req, res) => handle(req, res, req.body));
    const server = app.listen(0, '127.0.0.1', () =>
        console.log(`listening url=http://127.0.0.1:${server.address().port}/mcp`),
    );
    process.stdin.resume().on('end', () => process.exit(0));
}
