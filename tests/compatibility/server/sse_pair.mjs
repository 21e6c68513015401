// SPDX-License-Identifier: Apache-2.0
// HTTP+SSE of 2024-11-05: a stream for what the server says, an endpoint for what the client says.
import { randomUUID } from 'node:crypto';

import { stringify } from '../lib/json.mjs';
import { formatEvent, sseHeaders } from '../lib/sse.mjs';
import { checkPost, listen, readBody, reply } from './http.mjs';
import { LegacySession } from './legacy_session.mjs';

export function serveSsePair(options) {
    const sessions = new Map();

    const open = (request, response) => {
        if (!request.headers.accept?.includes('text/event-stream')) {
            options.notes.violation('a GET that does not accept text/event-stream');
        }
        const token = randomUUID();
        const write = (event) => response.write(formatEvent(event));
        const send = (message) => write({ event: 'message', data: stringify(message) });
        const session = new LegacySession({ ...options, send });
        sessions.set(token, session);
        response.writeHead(200, sseHeaders);
        write({ event: 'endpoint', data: `/messages?session=${token}` });
        response.on('close', () => {
            sessions.delete(token);
            session.end();
        });
    };

    const post = async (request, response, token) => {
        checkPost(request, options.notes, []);
        const body = await readBody(request);
        const session = sessions.get(token);
        if (!session) {
            options.notes.violation('a POST to no session');
            return reply(response, 404);
        }
        if (Array.isArray(body)) {
            options.notes.violation('a batch');
            return reply(response, 400);
        }
        reply(response, 202);
        return session.receive(body);
    };

    listen('/sse', async (request, response) => {
        const { pathname, searchParams } = new URL(request.url, 'http://fixture');
        const route = `${request.method} ${pathname}`;
        if (route === 'GET /sse') return open(request, response);
        if (route === 'POST /messages') return post(request, response, searchParams.get('session'));
        return reply(response, pathname === '/sse' ? 405 : 404, undefined, { allow: 'GET' });
    });
}
