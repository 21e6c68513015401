// SPDX-License-Identifier: Apache-2.0
// A session-era client's side of Streamable HTTP.
import { setTimeout as sleep } from 'node:timers/promises';

import { keyOf, parse, stringify } from '../lib/json.mjs';
import { hasPriming, hasVersionHeader } from '../lib/revisions.mjs';
import { isRequest, isResponse } from '../lib/rpc.mjs';
import { readEvents } from '../lib/sse.mjs';
import { Http, isEventStream, isJson, readText } from './http.mjs';

const idForm = /^[\x21-\x7e]+$/;
const json = { 'content-type': 'application/json' };

/** `receive(message, {isStandalone})` gets every message, `isWaiting(id)` tells what is unanswered. */
export class StreamableHttp {
    #seenEvents = new Set();
    #requests = new Map();
    #disconnected = new Set();
    #isClosed = false;

    constructor(url, judge) {
        this.http = new Http(url);
        this.judge = judge;
    }

    async start({ receive, isWaiting, lose }) {
        Object.assign(this, { receive, isWaiting, lose });
    }

    /** The session is open: from here on the server may speak for itself. */
    async opened(revision) {
        this.revision = revision;
        await this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
        const response = await this.#get();
        if (response.statusCode === 405) return this.judge.complain('GET is refused');
        this.#checkStream(response);
        this.#read(response, { isStandalone: true }).catch(this.lose);
        return undefined;
    }

    async send(message) {
        const ids = [message]
            .flat()
            .filter(isRequest)
            .map(({ id }) => id);
        try {
            return await this.#post(message, ids);
        } catch (error) {
            if (this.#isLost({ ids })) return undefined;
            throw error;
        }
    }

    async #post(message, ids) {
        const accept = 'application/json, text/event-stream';
        const headers = { ...json, accept, ...this.#headers() };
        const opened = (request) => ids.forEach((id) => this.#requests.set(keyOf(id), request));
        const response = await this.http.send('POST', {
            headers,
            body: stringify(message),
            opened,
        });
        if (ids.length === 0) return this.#checkAccepted(response);
        this.#takeSession(message, response);
        return this.#takeAnswer(response, ids);
    }

    /** Loses the connection of a request. */
    disconnect(id) {
        this.#disconnected.add(keyOf(id));
        this.#requests.get(keyOf(id)).destroy();
    }

    async close() {
        this.#isClosed = true;
        const response = await this.http.send('DELETE', { headers: this.#headers() });
        await readText(response);
        const isFine =
            (response.statusCode >= 200 && response.statusCode < 300) ||
            response.statusCode === 405;
        if (!isFine) this.judge.complain(`DELETE gets ${response.statusCode}`);
        this.http.close();
    }

    #headers() {
        const hasVersion = this.revision && hasVersionHeader(this.revision);
        return {
            ...(this.sessionId ? { 'mcp-session-id': this.sessionId } : {}),
            ...(hasVersion ? { 'mcp-protocol-version': this.revision } : {}),
        };
    }

    #get(lastEventId) {
        const last = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
        const headers = { accept: 'text/event-stream', ...this.#headers(), ...last };
        return this.http.send('GET', { headers });
    }

    async #checkAccepted(response) {
        const text = await readText(response);
        if (response.statusCode === 202 && text === '') return;
        this.judge.complain(`a notification or response gets ${response.statusCode} ${text}`);
    }

    #takeSession({ method }, { headers }) {
        const id = headers['mcp-session-id'];
        if (method !== 'initialize' || id === undefined) return;
        if (!idForm.test(id)) this.judge.complain(`session id ${id}`);
        this.sessionId = id;
    }

    async #takeAnswer(response, ids) {
        if (response.statusCode !== 200)
            this.judge.complain(`a request gets ${response.statusCode}`);
        if (isEventStream(response)) return this.#readToTheEnd(response, ids);
        const text = await readText(response);
        if (!isJson(response)) throw new Error(`HTTP ${response.statusCode}: ${text}`);
        this.receive(parse(text), {});
        if (ids.some((id) => this.isWaiting(id))) throw new Error(`unanswered: ${text}`);
        return undefined;
    }

    /** 2025-11-25: the connection may end before the stream does; the client comes back for it. */
    async #readToTheEnd(response, ids) {
        let last = await this.#read(response, { ids });
        while (ids.some((id) => this.isWaiting(id)) && !this.#isLost({ ids })) {
            const canResume = last?.id !== undefined && hasPriming(this.revision);
            if (!canResume) throw new Error(`the stream of ${ids.map(keyOf)} ended too early`);
            await sleep(Number(last.retry ?? 0));
            const again = await this.#get(last.id);
            if (again.statusCode !== 200) throw new Error(`resuming gets ${again.statusCode}`);
            last = { ...last, ...(await this.#read(again, { ids })) };
        }
    }

    #isLost({ ids = [] }) {
        return ids.some((id) => this.#disconnected.has(keyOf(id)));
    }

    #checkStream(response) {
        if (response.statusCode !== 200 || !isEventStream(response)) {
            this.judge.complain(`GET gets ${response.statusCode}`);
        }
    }

    /** Returns where the stream could be resumed, and after which pause. */
    async #read(response, where) {
        const last = {};
        try {
            for await (const event of readEvents(response)) {
                this.#takeEvent(event, where);
                if (event.id !== undefined) last.id = event.id;
                if (event.retry !== undefined) last.retry = event.retry;
            }
        } catch (error) {
            if (!this.#isClosed && !this.#isLost(where)) throw error;
        }
        return last;
    }

    #takeEvent({ event, id, data }, where) {
        if (id !== undefined) {
            if (this.#seenEvents.has(id)) this.judge.complain(`event id ${id} comes twice`);
            this.#seenEvents.add(id);
        }
        if (data === undefined) return;
        if (data === '') {
            const mayPrime = this.revision === undefined || hasPriming(this.revision);
            if (!mayPrime) this.judge.complain('an event without data');
            return;
        }
        if (event !== 'message') return this.judge.complain(`an event ${event}`);
        const message = parse(data);
        if (where.isStandalone && isResponse(message)) this.judge.complain('a response on GET');
        return this.receive(message, where);
    }
}
