// SPDX-License-Identifier: Apache-2.0
// The everything server of the session era, on the official SDK 1.x: 2025-11-25 and older.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
    CallToolRequestSchema,
    CompleteRequestSchema,
    CreateMessageResultSchema,
    ElicitResultSchema,
    GetPromptRequestSchema,
    ListPromptsRequestSchema,
    ListResourceTemplatesRequestSchema,
    ListResourcesRequestSchema,
    ListRootsResultSchema,
    ListToolsRequestSchema,
    LoggingLevelSchema,
    ReadResourceRequestSchema,
    SetLevelRequestSchema,
    SubscribeRequestSchema,
    UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

import { Refusal, announce, capabilities, identity, methods } from './methods.mjs';
import { capabilityFor } from './questions.mjs';

const requestSchemas = {
    'tools/list': ListToolsRequestSchema,
    'tools/call': CallToolRequestSchema,
    'prompts/list': ListPromptsRequestSchema,
    'prompts/get': GetPromptRequestSchema,
    'resources/list': ListResourcesRequestSchema,
    'resources/templates/list': ListResourceTemplatesRequestSchema,
    'resources/read': ReadResourceRequestSchema,
    'completion/complete': CompleteRequestSchema,
};

const resultSchemas = {
    sampling: CreateMessageResultSchema,
    elicitation: ElicitResultSchema,
    roots: ListRootsResultSchema,
};

const levels = LoggingLevelSchema.options;

/** The servers of all sessions in this process: they have their lists in common. */
const sessions = new Set();

const lacking = (capability) => ({
    content: [{ type: 'text', text: `the client does not support ${capability}` }],
    isError: true,
});

/** Asks with requests of its own, one round after the other. */
async function ask({ rounds, blind }, call) {
    const answers = {};
    for (const round of rounds) {
        const questions = Object.entries(round(call));
        const missing = questions
            .map(([, question]) => capabilityFor(question))
            .find((capability) => !(capability in call.capabilities));
        if (missing && !blind) return { pending: lacking(missing) };
        await Promise.all(
            questions.map(async ([key, question]) => (answers[key] = await call.send(question))),
        );
    }
    return answers;
}

function callFor(server, session, extra) {
    const notify = (method, params) => extra.sendNotification({ method, params });
    return {
        era: 'legacy',
        ask,
        capabilities: server.getClientCapabilities() ?? {},
        send: (question) => extra.sendRequest(question, resultSchemas[capabilityFor(question)]),
        log: async (data) => {
            if (levels.indexOf('info') < levels.indexOf(session.level)) return;
            await notify('notifications/message', { level: 'info', logger: identity.name, data });
        },
        progress: async (progress, total) => {
            const progressToken = extra._meta?.progressToken;
            if (progressToken === undefined) return;
            await notify('notifications/progress', { progressToken, progress, total });
        },
        hangUp: () => extra.closeSSEStream?.(),
        changed: (kind) => Promise.all([...sessions].map((peer) => announce(peer, kind))),
    };
}

/** A server for one session. */
export function makeLegacyServer() {
    const server = new Server(identity, { capabilities });
    const session = { level: 'debug' };
    for (const [method, schema] of Object.entries(requestSchemas)) {
        server.setRequestHandler(schema, ({ params = {} }, extra) =>
            methods[method](params, callFor(server, session, extra)),
        );
    }
    server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
        session.level = params.level;
        return {};
    });
    server.setRequestHandler(SubscribeRequestSchema, () => ({}));
    server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
    sessions.add(server);
    server.onclose = () => sessions.delete(server);
    return server;
}
