// SPDX-License-Identifier: Apache-2.0
// `requestState` of 2026-07-28: sealed, bound to one request, good for one retry.
import { createHash, createHmac, randomBytes } from 'node:crypto';

import { stringify } from '../lib/json.mjs';
import { RpcError, invalidParams } from '../lib/rpc.mjs';

const digest = ({ method, params: { _meta, inputResponses, requestState, ...params } }) =>
    createHash('sha256')
        .update(stringify([method, params]))
        .digest('hex');

export class RequestStates {
    #key = randomBytes(32);
    #used = new Set();

    #sign(text) {
        return createHmac('sha256', this.#key).update(text).digest('base64url');
    }

    /** `keys` are the questions of this round, `answered` the answers of those before. */
    seal(message, keys, answered) {
        const nonce = randomBytes(8).toString('hex');
        const state = { of: digest(message), id: message.id, keys, answered, nonce };
        const text = Buffer.from(stringify(state)).toString('base64url');
        return `${text}.${this.#sign(text)}`;
    }

    /** The answers of all rounds of a retry; fails with what is wrong with it, if anything is. */
    open(message) {
        const { requestState: sealed, inputResponses = {} } = message.params;
        const [text, signature] = String(sealed).split('.');
        if (signature !== this.#sign(text))
            throw new RpcError(invalidParams, 'not my requestState');
        const state = JSON.parse(Buffer.from(text, 'base64url').toString());
        const isSame = state.of === digest(message);
        if (!isSame) throw new RpcError(invalidParams, 'requestState of another request');
        if (state.id === message.id) throw new RpcError(invalidParams, 'a retry needs a new id');
        if (this.#used.has(sealed)) throw new RpcError(invalidParams, 'requestState used twice');
        const given = Object.keys(inputResponses).sort().join();
        if (given !== [...state.keys].sort().join()) {
            throw new RpcError(invalidParams, `answers to ${given} instead of ${state.keys}`);
        }
        this.#used.add(sealed);
        return [...state.answered, state.keys.map((key) => inputResponses[key])];
    }
}
