// SPDX-License-Identifier: Apache-2.0
// The methods that both eras share. A handler gets the request's parameters and `call`, what its
// era lends it: `ask(feature, call)` performs the rounds and gives the answers, or `{ pending }`.
import { complete, findContents, listResources, listTemplates } from './contents.mjs';
import { listPrompts, prompts } from './prompts.mjs';
import { listTools, tools } from './tools.mjs';

/** What the protocol answers with an error instead of a result. */
export class Refusal extends Error {
    constructor(code, message, data) {
        super(message);
        Object.assign(this, { code, data });
    }
}

const invalidParams = -32602;
/** How a revision says that a resource is missing. */
const notFound = { legacy: -32002, modern: invalidParams };

async function perform(table, kind, params, call) {
    const feature = Object.hasOwn(table, params.name) && table[params.name];
    if (!feature) throw new Refusal(invalidParams, `unknown ${kind}: ${params.name}`);
    const own = { ...call, args: params.arguments ?? {} };
    const { pending, ...answers } = feature.rounds ? await call.ask(feature, own) : {};
    return pending ?? feature.run({ ...own, answers });
}

function read({ uri }, { era }) {
    const contents = findContents(uri);
    if (!contents) throw new Refusal(notFound[era], 'Resource not found', { uri });
    return { contents: [contents] };
}

export const methods = {
    'tools/list': listTools,
    'tools/call': (params, call) => perform(tools, 'tool', params, call),
    'prompts/list': listPrompts,
    'prompts/get': (params, call) => perform(prompts, 'prompt', params, call),
    'resources/list': listResources,
    'resources/templates/list': listTemplates,
    'resources/read': read,
    'completion/complete': complete,
};

export const identity = { name: 'shadowcat-everything', version: '1.0.0' };

export const capabilities = {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    completions: {},
    logging: {},
};

const notifications = {
    tools: 'sendToolListChanged',
    prompts: 'sendPromptListChanged',
};

/** Tells the client of one server that the list of a kind changed. */
export const announce = (server, kind) => server[notifications[kind]]();
