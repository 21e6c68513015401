// SPDX-License-Identifier: Apache-2.0
// What the server offers, the same over every transport: tools, resources, prompts, completion.
import { hasCompletionsCapability, isModern } from '../lib/revisions.mjs';
import { RpcError, invalidParams, legacyNotFound, methodNotFound } from '../lib/rpc.mjs';
import { toolsOf } from './tools.mjs';

const names = ['Ada', 'Alan', 'Grace'];
const extra = { name: 'extra', inputSchema: { type: 'object' } };
const describe = ({ name, inputSchema }) => ({ name, description: `does ${name}`, inputSchema });

export const serverInfo = { name: 'matrix-fixture', version: '1.0.0' };

export class World {
    hasExtraTool = false;
    #listeners = new Set();

    constructor(revision, notes) {
        this.revision = revision;
        this.notes = notes;
        this.tools = toolsOf(revision);
    }

    get capabilities() {
        return {
            tools: { listChanged: true },
            resources: { subscribe: true, listChanged: true },
            prompts: { listChanged: true },
            logging: {},
            ...(hasCompletionsCapability(this.revision) ? { completions: {} } : {}),
        };
    }

    /** `listener(method, params)` hears of changes until the function that this returns is called. */
    onChange(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    tell(method, params) {
        for (const listener of this.#listeners) listener(method, params);
    }

    async handle(method, params, call) {
        const handler = this.#handlers[method];
        if (!handler) throw new RpcError(methodNotFound, `unknown method ${method}`);
        return handler(params ?? {}, call);
    }

    #handlers = {
        'tools/list': () => ({
            tools: [...this.tools.values(), ...(this.hasExtraTool ? [extra] : [])].map(describe),
        }),
        'tools/call': ({ name, arguments: args }, call) => {
            const found = this.tools.get(name);
            if (!found) throw new RpcError(invalidParams, `unknown tool ${name}`);
            return found.run(args ?? {}, call, this);
        },
        'resources/list': () => ({ resources: [{ uri: 'matrix://greeting', name: 'greeting' }] }),
        'resources/templates/list': () => ({
            resourceTemplates: [{ uriTemplate: 'matrix://number/{n}', name: 'number' }],
        }),
        'resources/read': ({ uri }) => ({ contents: [this.#read(uri)] }),
        'prompts/list': () => ({
            prompts: [{ name: 'greet', arguments: [{ name: 'name', required: true }] }],
        }),
        'prompts/get': ({ name, arguments: args }) => {
            if (name !== 'greet') throw new RpcError(invalidParams, `unknown prompt ${name}`);
            const content = { type: 'text', text: `greet ${args?.name}` };
            return { messages: [{ role: 'user', content }] };
        },
        'completion/complete': ({ ref, argument }) => {
            if (ref?.name !== 'greet') throw new RpcError(invalidParams, 'unknown reference');
            const values = names.filter((each) => each.startsWith(argument.value));
            return { completion: { values, total: values.length, hasMore: false } };
        },
    };

    #read(uri) {
        const number = /^matrix:\/\/number\/(.+)$/.exec(uri)?.[1];
        if (number) return { uri, mimeType: 'text/plain', text: number };
        if (uri === 'matrix://greeting') return { uri, mimeType: 'text/plain', text: 'good day' };
        const code = isModern(this.revision) ? invalidParams : legacyNotFound;
        throw new RpcError(code, 'resource not found', { uri });
    }
}
