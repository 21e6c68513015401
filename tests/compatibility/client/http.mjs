// SPDX-License-Identifier: Apache-2.0
// HTTP requests of the clients, on node's own module: what goes out is exactly what is said here.
import http from 'node:http';

export class Http {
    #agent = new http.Agent({ keepAlive: true });

    constructor(url) {
        this.url = url;
    }

    /** Resolves to the response's head; `opened(request)` gets what `destroy()` ends it with. */
    send(method, { url = this.url, headers = {}, body, opened = () => {} } = {}) {
        return new Promise((resolve, reject) => {
            const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
            const options = { method, agent: this.#agent, headers: { ...headers, ...length } };
            const request = http.request(url, options, resolve);
            request.on('error', reject);
            opened(request);
            request.end(body);
        });
    }

    close() {
        this.#agent.destroy();
    }
}

export const isEventStream = ({ headers }) =>
    (headers['content-type'] ?? '').startsWith('text/event-stream');

export const isJson = ({ headers }) =>
    (headers['content-type'] ?? '').startsWith('application/json');

export async function readText(response) {
    let text = '';
    response.setEncoding('utf8');
    for await (const chunk of response) text += chunk;
    return text;
}
