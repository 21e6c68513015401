// SPDX-License-Identifier: Apache-2.0
// The tools that the conformance suite calls, said once for both eras. A tool that needs something
// of the client names its questions in `rounds`; the server of an era asks them in its own way and
// hands the answers to `run`.
import { setTimeout as sleep } from 'node:timers/promises';

import { audio, embedded, image, text } from './contents.mjs';
import {
    capabilityFor,
    defaults,
    elicitation,
    enums,
    roots,
    sampling,
    string,
} from './questions.mjs';
import schema2020 from './schema-2020-12.mjs';

const content = (...blocks) => ({ content: blocks });
const say = (words) => content(text(words));
const tool = (description, run, more = {}) => ({ description, run, ...more });

/** Asks everything at once, needs no state of its own between the rounds. */
const asking = (description, questions, run, more = {}) =>
    tool(description, run, { rounds: [questions], ...more });

const nameQuestion = () => elicitation('What is your name?', { name: string });
const describe = ({ action, content: answer }) => `action=${action}, content=${JSON.stringify(answer)}`;

async function logSteps({ log }) {
    await log('Tool execution started');
    await sleep(50);
    await log('Tool processing data');
    await sleep(50);
    await log('Tool execution completed');
    return say('Logged three times.');
}

async function reportSteps({ progress }) {
    for (const step of [0, 50, 100]) {
        await progress(step, 100);
        await sleep(50);
    }
    return say('All steps are done.');
}

/** Ends the stream in the middle of the call; the answer is for those who come back for it. */
async function hangUpFirst({ hangUp }) {
    hangUp();
    await sleep(100);
    return say('Reconnected.');
}

function changing(kind) {
    return tool(`Says that the ${kind} changed`, async ({ changed }) => {
        await changed(kind);
        return say(`The ${kind} changed.`);
    });
}

const plain = {
    test_simple_text: tool('Returns a text', () =>
        say('This is a simple text response for testing.'),
    ),
    test_image_content: tool('Returns an image', () => content(image)),
    test_audio_content: tool('Returns a sound', () => content(audio)),
    test_embedded_resource: tool('Returns a resource', () =>
        content(embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')),
    ),
    test_multiple_content_types: tool('Returns several kinds of content', () =>
        content(
            text('Multiple content types test:'),
            image,
            embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
        ),
    ),
    test_error_handling: tool('Fails', () => ({
        ...say('This tool intentionally returns an error for testing'),
        isError: true,
    })),
    test_tool_with_logging: tool('Logs while it runs', logSteps),
    test_logging_tool: tool('Logs, and is not to be heard without a log level', logSteps),
    test_tool_with_progress: tool('Reports progress', reportSteps),
    test_reconnection: tool('Closes its stream before it answers', hangUpFirst),
    json_schema_2020_12_tool: tool(
        'Tool with JSON Schema 2020-12 features',
        ({ args }) => say(JSON.stringify(args)),
        { inputSchema: schema2020 },
    ),
    test_mirrored_header: tool(
        'Has an argument that HTTP clients mirror into a header',
        ({ args }) => say(args.region),
        { properties: { region: { ...string, 'x-mcp-header': 'Region' } } },
    ),
    test_trigger_tool_change: changing('tools'),
    test_trigger_prompt_change: changing('prompts'),
};

const questioning = {
    test_sampling: asking(
        'Asks for a completion',
        ({ args }) => ({ completion: sampling(args.prompt) }),
        ({ answers }) => say(`LLM response: ${answers.completion.content.text}`),
        { properties: { prompt: string } },
    ),
    test_elicitation: asking(
        'Asks the user',
        ({ args }) => ({ user: elicitation(args.message, { username: string, email: string }) }),
        ({ answers }) => say(`User response: ${describe(answers.user)}`),
        { properties: { message: string } },
    ),
    test_elicitation_sep1034_defaults: asking(
        'Asks with defaults',
        () => ({ user: defaults() }),
        ({ answers }) => say(`Elicitation completed: ${describe(answers.user)}`),
    ),
    test_elicitation_sep1330_enums: asking(
        'Asks with choices',
        () => ({ user: enums() }),
        ({ answers }) => say(`Elicitation completed: ${describe(answers.user)}`),
    ),
    test_streaming_elicitation: asking(
        'Asks the user',
        () => ({ user: nameQuestion() }),
        ({ answers }) => say(describe(answers.user)),
    ),
    test_missing_capability: asking(
        'Asks for a completion without a look at what the client can do',
        () => ({ completion: sampling('Are you there?') }),
        ({ answers }) => say(answers.completion.content.text),
        { blind: true },
    ),
};

const inputRequired = {
    elicitation: asking(
        'Asks for a name',
        () => ({ user_name: nameQuestion() }),
        ({ answers }) => say(`Hello, ${answers.user_name.content?.name}!`),
    ),
    sampling: asking(
        'Asks for a completion',
        () => ({ capital_question: sampling('What is the capital of France?') }),
        ({ answers }) => say(answers.capital_question.content.text),
    ),
    list_roots: asking(
        'Asks for the roots',
        () => ({ client_roots: roots() }),
        ({ answers }) => say(answers.client_roots.roots.map(({ uri }) => uri).join(', ')),
    ),
    request_state: asking(
        'Asks and keeps state',
        () => ({ confirm: elicitation('Please confirm', { ok: { type: 'boolean' } }) }),
        () => say('state-ok'),
        { stateful: true },
    ),
    tampered_state: asking(
        'Asks and looks after its state',
        () => ({ confirm: elicitation('Please confirm', { ok: { type: 'boolean' } }) }),
        () => say('state-ok'),
        { stateful: true },
    ),
    multiple_inputs: asking(
        'Asks three things at once',
        () => ({
            user_name: nameQuestion(),
            greeting: sampling('Generate a greeting', 50),
            client_roots: roots(),
        }),
        ({ answers }) => say(`${answers.greeting.content.text} ${answers.user_name.content?.name}`),
        { stateful: true },
    ),
    multi_round: tool(
        'Asks twice',
        ({ answers }) => say(`${answers.step1.content?.name} likes ${answers.step2.content?.color}`),
        {
            rounds: [
                () => ({ step1: elicitation('Step 1: What is your name?', { name: string }) }),
                () => ({ step2: elicitation('Step 2: What is your favorite color?', { color: string }) }),
            ],
            stateful: true,
        },
    ),
    capabilities: asking(
        'Asks whatever the client can answer',
        ({ capabilities }) => {
            const all = { user_name: nameQuestion(), greeting: sampling('Generate a greeting', 50) };
            const can = ([, question]) => capabilityFor(question) in capabilities;
            return Object.fromEntries(Object.entries(all).filter(can));
        },
        ({ answers }) => say(Object.keys(answers).join(', ')),
    ),
};

const prefixed = (prefix, table) =>
    Object.fromEntries(Object.entries(table).map(([name, value]) => [prefix + name, value]));

export const tools = {
    ...plain,
    ...questioning,
    ...prefixed('test_input_required_result_', inputRequired),
};

const objectOf = (properties = {}) => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
});

const listed = ([name, { description, properties, inputSchema }]) => ({
    name,
    description,
    inputSchema: inputSchema ?? objectOf(properties),
});

export const listTools = () => ({ tools: Object.entries(tools).map(listed) });
