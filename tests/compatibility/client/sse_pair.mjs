// SPDX-License-Identifier: Apache-2.0
// A client's side of HTTP+SSE: a GET stream, and POSTs to where that says.
import { parse, stringify } from '../lib/json.mjs';
import { readEvents } from '../lib/sse.mjs';
import { Http, isEventStream, readText } from './http.mjs';

export class SsePair {
    #isClosed = false;

    constructor(url, judge) {
        this.http = new Http(url);
        this.judge = judge;
    }

    async start({ receive, lose }) {
        const headers = { accept: 'text/event-stream' };
        const opened = (request) => (this.stream = request);
        const response = await this.http.send('GET', { headers, opened });
        if (response.statusCode !== 200 || !isEventStream(response)) {
            throw new Error(`GET gets ${response.statusCode} ${await readText(response)}`);
        }
        const events = readEvents(response);
        const { value: first } = await events.next();
        if (first?.event !== 'endpoint') throw new Error(`first comes ${first?.event}`);
        this.endpoint = new URL(first.data, this.http.url);
        if (this.endpoint.origin !== new URL(this.http.url).origin) {
            this.judge.complain(`the endpoint is elsewhere: ${this.endpoint}`);
        }
        this.#read(events, receive).catch((error) => this.#isClosed || lose(error));
    }

    opened() {
        return this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    }

    async send(message) {
        const headers = { 'content-type': 'application/json' };
        const options = { url: this.endpoint, headers, body: stringify(message) };
        const response = await this.http.send('POST', options);
        const text = await readText(response);
        if (response.statusCode !== 202)
            throw new Error(`POST gets ${response.statusCode} ${text}`);
    }

    async close() {
        this.#isClosed = true;
        this.stream.destroy();
        this.http.close();
    }

    async #read(events, receive) {
        for await (const { event, id, data } of events) {
            if (id !== undefined) this.judge.complain(`an event has the id ${id}`);
            if (event === 'message') {
                if (data === '') this.judge.complain('an event without data');
                else receive(parse(data), {});
            } else this.judge.complain(`an event ${event}`);
        }
        throw new Error('the stream ended');
    }
}
