// SPDX-License-Identifier: Apache-2.0
// What a session-era server asks its client: requests of its own, and pages to be visited.
import { keyOf } from '../lib/json.mjs';
import { hasUrlElicitation } from '../lib/revisions.mjs';
import { RpcError, request, urlRequired } from '../lib/rpc.mjs';

const capabilityFor = {
    'sampling/createMessage': 'sampling',
    'roots/list': 'roots',
    'elicitation/create': 'elicitation',
};

/** A tool that can't go on; the model is told. */
export class ToolError extends Error {}

export class Questions {
    #asked = new Map();
    #count = 0;
    #visited = false;

    /** `session` has send(message, related), the client's capabilities, and the revision. */
    constructor(session) {
        this.session = session;
    }

    async ask(method, params, related) {
        const name = capabilityFor[method];
        if (!this.session.capabilities[name]) throw new ToolError(`the client has no ${name}`);
        const id = `ask-${++this.#count}`;
        this.session.send(request(id, method, params), related);
        return new Promise((resolve, reject) => this.#asked.set(keyOf(id), { resolve, reject }));
    }

    /** Takes a response of the client; returns whether anybody waits for it. */
    settle({ id, result, error }) {
        const waiting = this.#asked.get(keyOf(id));
        this.#asked.delete(keyOf(id));
        if (result) waiting?.resolve(result);
        else waiting?.reject(new ToolError(`the client answered ${error?.code} ${error?.message}`));
        return waiting !== undefined;
    }

    /** 2025-11-25: an error tells which page to visit; who comes again has been there. */
    visit(params) {
        const { revision, capabilities } = this.session;
        const has = capabilities.elicitation?.url && hasUrlElicitation(revision);
        if (!has) throw new ToolError('the client has no url elicitation');
        if (this.#visited) return 'accept';
        this.#visited = true;
        const elicitations = [{ ...params, elicitationId: 'visit-1' }];
        throw new RpcError(urlRequired, 'a page must be visited first', { elicitations });
    }
}
