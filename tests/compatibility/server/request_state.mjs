// SPDX-License-Identifier: Apache-2.0
// `requestState` of 2026-07-28: sealed, bound to one request, good for one retry.
import { createHash, createHmac, randomBytes } from 'node:crypto';

import { stringify } from '../lib/json.mjs';
import { RpcError, invalidParams } from '../lib/rpc.mjs';

const digest = ({ method, params: { _meta, inputResponses, requestState, ...params } }) =>
    createHash('sha256').update(stringify([method, params])).digest('hex');

export class RequestStates {
    #key = randomBytes(32);
    #used = new Set();

    #sign(text) {
        return createHmac('sha256', this.#key).update(text).digest('base64url');
    }

    seal(message, keys) {
        const state = { of: digest(message), id: message.id, keys, nonce: randomBytes(8).toString('hex') };
        const text = Buffer.from(stringify(state)).toString('base64url');
        return `${text}.${this.#sign(text)}`;
    }

    /** Fails with what is wrong with the state of a retry, if anything is. */
    check(message) {
        const { requestState: sealed, inputResponses } = message.params;
        const [text, signature] = String(sealed).split('.');
        if (signature !== this.#sign(text)) throw new RpcError(invalidParams, 'not my requestState');
        const state = JSON.parse(Buffer.from(text, 'base64url').toString());
        const isSame = state.of === digest(message);
        if (!isSame) throw new RpcError(invalidParams, 'requestState of another request');
        if (state.id === message.id) throw new RpcError(invalidParams, 'a retry needs a new id');
        if (this.#used.has(sealed)) throw new RpcError(invalidParams, 'requestState used twice');
        const strange = Object.keys(inputResponses ?? {}).filter((key) => !state.keys.includes(key));
        if (strange.length) throw new RpcError(invalidParams, `nobody asked for ${strange}`);
        this.#used.add(sealed);
    }
}
