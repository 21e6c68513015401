// SPDX-License-Identifier: Apache-2.0
// The fixture's tools. `call` is how one reaches the client: progress, log, ask, signal.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { stringify } from '../lib/json.mjs';
import { hasElicitation, hasUrlElicitation, isModern } from '../lib/revisions.mjs';

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const anything = { type: 'object' };
const slowSeconds = 30;

/** The value comes back as text, and as a member that no revision knows. */
async function echo({ value }) {
    return { ...text(stringify(value)), echoed: value };
}

async function fail() {
    return { ...text('this always fails'), isError: true };
}

async function count({ steps }, call) {
    for (let step = 1; step <= steps; ++step) {
        call.progress(step, steps);
        await sleep(5);
    }
    return text(`counted to ${steps}`);
}

/** Says that it runs, then waits to be cancelled, and notes how it ended. */
async function slow({ name }, call, { notes }) {
    notes.add('started', { name });
    if (!call.signal.aborted) {
        const late = sleep(slowSeconds * 1000, undefined, { ref: false });
        await Promise.race([once(call.signal, 'abort'), late]);
    }
    notes.add(call.signal.aborted ? 'cancelled' : 'finished', { name });
    return text('was not cancelled');
}

async function log(_args, call) {
    for (const level of ['debug', 'info', 'warning']) call.log(level, `a line of ${level}`);
    return text('logged');
}

/** Two rounds: the second question follows from the first answer. */
async function elicit(_args, call) {
    const schemaFor = (name) => ({ type: 'object', properties: { [name]: { type: 'string' } } });
    const question = (message, name) => [
        'elicitation/create',
        { message, requestedSchema: schemaFor(name) },
    ];
    const [who] = await call.ask([question('who are you?', 'name')]);
    const [where] = await call.ask([question(`where is ${who.content?.name}?`, 'place')]);
    return text(`${who.content?.name}: ${where.content?.place}`);
}

async function elicitUrl(_args, call) {
    const params = { mode: 'url', message: 'sign in', url: 'https://example.com/sign-in' };
    return text(await call.visit(params));
}

const sampling = [
    'sampling/createMessage',
    { messages: [{ role: 'user', content: { type: 'text', text: 'say it' } }], maxTokens: 10 },
];

async function sample(_args, call) {
    const [{ content }] = await call.ask([sampling]);
    return text(`it said: ${content.text}`);
}

async function roots(_args, call) {
    const [answer] = await call.ask([['roots/list']]);
    return text(answer.roots[0].uri);
}

/** Two questions at once. */
async function both(_args, call) {
    const [{ content }, answer] = await call.ask([sampling, ['roots/list']]);
    return text(`${content.text} ${answer.roots[0].uri}`);
}

async function toggle(_args, _call, world) {
    world.hasExtraTool = !world.hasExtraTool;
    world.tell('notifications/tools/list_changed');
    return text('toggled');
}

async function touch({ uri }, _call, world) {
    world.tell('notifications/resources/updated', { uri });
    return text('touched');
}

async function regional({ region, shard }) {
    return text(`${region} ${shard}`);
}

const annotated = {
    type: 'object',
    properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        shard: { type: 'integer', 'x-mcp-header': 'Shard' },
    },
};

// A name that can't be a header's: an HTTP client has to drop the whole tool.
const misannotated = {
    type: 'object',
    properties: { region: { type: 'string', 'x-mcp-header': 'not a token' } },
};

const tool = (name, run, inputSchema = anything) => ({ name, run, inputSchema });

/** The tools of a revision, by name. */
export function toolsOf(revision) {
    const tools = [
        tool('echo', echo),
        tool('fail', fail),
        tool('count', count),
        tool('slow', slow),
        tool('log', log),
        tool('sample', sample),
        tool('roots', roots),
        tool('both', both),
        tool('toggle', toggle),
        tool('touch', touch),
    ];
    if (hasElicitation(revision)) tools.push(tool('elicit', elicit));
    if (hasUrlElicitation(revision)) tools.push(tool('elicit_url', elicitUrl));
    if (isModern(revision)) {
        tools.push(tool('regional', regional, annotated), tool('broken', fail, misannotated));
    }
    return new Map(tools.map((each) => [each.name, each]));
}
