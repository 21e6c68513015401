// SPDX-License-Identifier: Apache-2.0
// The everything server of 2026-07-28, on the official SDK 2.x.
import { randomBytes } from 'node:crypto';

import { McpServer, createRequestStateCodec, fromJsonSchema } from '@modelcontextprotocol/server';

import { announce, capabilities, identity, methods } from './methods.mjs';
import { isAnswer } from './questions.mjs';
import { listTools } from './tools.mjs';

const codec = createRequestStateCodec({ key: randomBytes(32) });

const inputRequired = async (feature, inputRequests, state, ctx) => ({
    pending: {
        resultType: 'input_required',
        inputRequests,
        ...(feature.stateful && { requestState: await codec.mint(state, ctx) }),
    },
});

/** Asks with a result, and goes on with the next round when the client comes back. */
async function ask(feature, call) {
    const { mcpReq } = call.ctx;
    const { round, answers } = mcpReq.requestState() ?? { round: 0, answers: {} };
    const questions = feature.rounds[round](call);
    const responses = mcpReq.inputResponses ?? {};
    const isAnswered = ([key, question]) => isAnswer(question, responses[key]);
    if (!Object.entries(questions).every(isAnswered)) {
        return inputRequired(feature, questions, { round, answers }, call.ctx);
    }
    for (const key of Object.keys(questions)) answers[key] = responses[key];
    const next = feature.rounds[round + 1];
    return next
        ? inputRequired(feature, next(call), { round: round + 1, answers }, call.ctx)
        : answers;
}

function callFor(changed, ctx) {
    const { mcpReq } = ctx;
    return {
        era: 'modern',
        ask,
        ctx,
        changed,
        hangUp: () => {},
        capabilities: mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {},
        log: (data) => mcpReq.log('info', data, identity.name),
        progress: async (progress, total) => {
            const progressToken = mcpReq._meta?.progressToken;
            if (progressToken === undefined) return;
            await mcpReq.notify({
                method: 'notifications/progress',
                params: { progressToken, progress, total },
            });
        },
    };
}

/** The SDK checks `Mcp-Param-*` headers by the schemas of tools that it knows of. */
function nameTools(mcp) {
    for (const { name, inputSchema } of listTools().tools) {
        mcp.registerTool(name, { inputSchema: fromJsonSchema(inputSchema) }, () => {});
    }
}

/** A server for one connection or one request. `changed` tells every client of a changed list; by
 * default those of this connection. */
export function makeModernServer({ changed } = {}) {
    const mcp = new McpServer(identity, {
        capabilities,
        cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'public' } },
        requestState: { verify: codec.verify },
    });
    nameTools(mcp);
    const tell = changed ?? ((kind) => announce(mcp.server, kind));
    for (const [method, handle] of Object.entries(methods)) {
        mcp.server.setRequestHandler(method, ({ params = {} }, ctx) =>
            handle(params, callFor(tell, ctx)),
        );
    }
    // For clients of the session era, where the SDK serves them too.
    mcp.server.setRequestHandler('resources/subscribe', () => ({}));
    mcp.server.setRequestHandler('resources/unsubscribe', () => ({}));
    return mcp;
}
