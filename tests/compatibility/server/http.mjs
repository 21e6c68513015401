// SPDX-License-Identifier: Apache-2.0
// What the HTTP transports share: reading bodies, short answers, listening.
import { createServer } from 'node:http';

import { parse, stringify } from '../lib/json.mjs';
import { RpcError } from '../lib/rpc.mjs';

export async function readBody(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return parse(Buffer.concat(chunks).toString());
}

export function reply(response, status, body, headers = {}) {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(status, { ...type, ...headers });
    response.end(body === undefined ? undefined : stringify(body));
}

/** An answer of the transport itself, which is no answer to a request. */
export const refuse = (response, status, code, text, headers) =>
    reply(response, status, { jsonrpc: '2.0', error: new RpcError(code, text) }, headers);

const accepts = (request, type) => (request.headers.accept ?? '').includes(type);

/** Notes what is wrong with the headers that every POST has. */
export function checkPost(request, notes, wanted = ['application/json', 'text/event-stream']) {
    const type = request.headers['content-type'] ?? '';
    if (!type.startsWith('application/json')) notes.violation(`a POST of content type ${type}`);
    for (const each of wanted) {
        if (!accepts(request, each)) notes.violation(`a POST that does not accept ${each}`);
    }
}

/** Serves `routes`, which maps "METHOD /path" to (request, response); says on stdout where. */
export function listen(entry, handler) {
    const server = createServer((request, response) => {
        handler(request, response).catch((error) => {
            process.stderr.write(`fixture: ${error.stack}\n`);
            if (!response.headersSent) response.writeHead(500);
            response.end();
        });
    });
    server.listen(0, '127.0.0.1', () => {
        process.stdout.write(`listening url=http://127.0.0.1:${server.address().port}${entry}\n`);
    });
}
