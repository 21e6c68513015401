// SPDX-License-Identifier: Apache-2.0
// The five revisions and what each of them has, as far as server and client judge by it.
export const modern = '2026-07-28';
export const legacy = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
export const revisions = [...legacy, modern];

export const isModern = (revision) => revision === modern;
export const hasStreamableHttp = (revision) => revision >= '2025-03-26';
export const hasBatches = (revision) => revision === '2025-03-26';
export const hasCompletionsCapability = (revision) => revision >= '2025-03-26';
export const hasVersionHeader = (revision) => revision >= '2025-06-18';
export const hasElicitation = (revision) => revision >= '2025-06-18';
export const hasUrlElicitation = (revision) => revision >= '2025-11-25';
export const hasPriming = (revision) => revision === '2025-11-25';

/** Severities, least first. */
export const levels = [
    'debug',
    'info',
    'notice',
    'warning',
    'error',
    'critical',
    'alert',
    'emergency',
];
export const isAtLeast = (level, bound) => levels.indexOf(level) >= levels.indexOf(bound);

/** A key of `_meta` that the protocol has for itself. */
export const metaKey = (name) => `io.modelcontextprotocol/${name}`;

const common = [
    'tools/list',
    'tools/call',
    'prompts/list',
    'prompts/get',
    'resources/list',
    'resources/templates/list',
    'resources/read',
    'completion/complete',
];
const legacyOnly = [
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
];
const modernOnly = ['server/discover', 'subscriptions/listen'];
const tasks = ['tasks/get', 'tasks/result', 'tasks/list', 'tasks/cancel'];

/** What a client may request. */
export const requestsOf = (revision) =>
    new Set([...common, ...(isModern(revision) ? modernOnly : legacyOnly)]);

/** What some revision has, so that it may not be asked of those that lack it. */
export const knownRequests = new Set([...common, ...legacyOnly, ...modernOnly, ...tasks]);

/** What a server may ask of a client, as a request or inside an `input_required` result. */
export const questionsOf = (revision) =>
    new Set([
        'sampling/createMessage',
        'roots/list',
        ...(hasElicitation(revision) ? ['elicitation/create'] : []),
    ]);

const changes = [
    'notifications/tools/list_changed',
    'notifications/prompts/list_changed',
    'notifications/resources/list_changed',
    'notifications/resources/updated',
];

/** What a server may tell: on its own account, and while it works on a request. */
export const changesOf = () => new Set(changes);
export const reportsOf = () => new Set(['notifications/progress', 'notifications/message']);

/** Methods whose results a modern client may cache. */
export const cacheable = new Set([
    'server/discover',
    'tools/list',
    'prompts/list',
    'resources/list',
    'resources/templates/list',
    'resources/read',
]);

/** Methods that may answer `input_required`. */
export const interactive = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** What `Mcp-Name` repeats, of the methods that have it. */
export const nameOf = ({ method, params }) =>
    ({ 'tools/call': params?.name, 'prompts/get': params?.name, 'resources/read': params?.uri })[
        method
    ];
