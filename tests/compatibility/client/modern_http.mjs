// SPDX-License-Identifier: Apache-2.0
// A 2026-07-28 client's side of HTTP: one POST for each exchange, nothing else.
import { keyOf, parse, stringify } from '../lib/json.mjs';
import { modern, nameOf } from '../lib/revisions.mjs';
import {
    headerMismatch,
    isNotification,
    isResponse,
    methodNotFound,
    missingCapability,
    unsupportedVersion,
} from '../lib/rpc.mjs';
import { encodeHeader } from '../lib/sentinel.mjs';
import { readEvents } from '../lib/sse.mjs';
import { Http, isEventStream, isJson, readText } from './http.mjs';

const statusFor = (error) => {
    if (error?.code === methodNotFound) return 404;
    const codes = [headerMismatch, missingCapability, unsupportedVersion];
    return codes.includes(error?.code) ? 400 : 200;
};

export class ModernHttp {
    constructor(url, judge) {
        this.http = new Http(url);
        this.judge = judge;
    }

    async start() {}

    /** `response` resolves to the response, `told` gets the notifications before it; `abandon`
     * disconnects, which cancels. */
    exchange(message, annotated, told) {
        const state = { isAbandoned: false };
        const abandon = () => {
            state.isAbandoned = true;
            state.request.destroy();
        };
        const answered = this.#perform(message, annotated, told, state);
        // Nobody waits for what was abandoned.
        const response = answered.catch((error) => {
            if (!state.isAbandoned) throw error;
            return new Promise(() => {});
        });
        return { response, abandon };
    }

    async close() {
        this.http.close();
    }

    async #perform(message, annotated, told, state) {
        const opened = (request) => (state.request = request);
        const headers = this.#headers(message, annotated);
        const body = stringify(message);
        const response = await this.http.send('POST', { headers, body, opened });
        this.#checkHead(response);
        if (isEventStream(response)) return this.#readStream(message, response, told, state);
        const text = await readText(response);
        if (!isJson(response)) throw new Error(`HTTP ${response.statusCode}: ${text}`);
        const answer = parse(text);
        this.#checkAnswer(message, answer, response);
        return answer;
    }

    #headers(message, annotated) {
        const name = nameOf(message);
        return {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'mcp-protocol-version': modern,
            'mcp-method': message.method,
            ...(name === undefined ? {} : { 'mcp-name': encodeHeader(name) }),
            ...annotated,
        };
    }

    #checkHead({ headers }) {
        if (headers['mcp-session-id']) this.judge.complain('a session id');
    }

    #checkAnswer({ id, method }, answer, { statusCode }) {
        if (!isResponse(answer)) this.judge.complain(`${method} is answered with no response`);
        if (keyOf(answer.id) !== keyOf(id))
            this.judge.complain(`a response to ${keyOf(answer.id)}`);
        const status = statusFor(answer.error);
        if (statusCode === status) return;
        this.judge.complain(
            `${method} gets ${statusCode} with ${answer.error?.code ?? 'a result'}`,
        );
    }

    async #readStream({ id, method }, response, told, state) {
        if (response.statusCode !== 200) this.judge.complain(`a stream of ${response.statusCode}`);
        if (response.headers['x-accel-buffering'] !== 'no') {
            this.judge.complain('a stream without X-Accel-Buffering: no');
        }
        let answer;
        for await (const event of readEvents(response)) {
            if (answer) this.judge.complain(`an event after the response to ${method}`);
            const message = this.#take(event);
            if (message && isNotification(message)) told(message);
            else if (message) answer = message;
        }
        if (!answer && !state.isAbandoned) throw new Error(`the stream of ${method} broke off`);
        if (answer && keyOf(answer.id) !== keyOf(id)) this.judge.complain('a foreign response');
        return answer ?? new Promise(() => {});
    }

    #take({ event, id, data }) {
        if (id !== undefined) this.judge.complain(`an event has the id ${id}`);
        if (event !== 'message') this.judge.complain(`an event ${event}`);
        if (!data) {
            this.judge.complain('an event without data');
            return undefined;
        }
        const message = parse(data);
        if ('method' in message && 'id' in message) {
            this.judge.complain(`the request ${message.method}`);
            return undefined;
        }
        return message;
    }
}
