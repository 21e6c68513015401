// SPDX-License-Identifier: Apache-2.0
// The tools that ask the client something before they answer.
import { asking, say, tool } from './features.mjs';
import {
    capabilityFor,
    defaults,
    elicitation,
    enums,
    roots,
    sampling,
    string,
} from './questions.mjs';

const boolean = { type: 'boolean' };
const nameQuestion = () => elicitation('What is your name?', { name: string });
const confirmation = () => ({ confirm: elicitation('Please confirm', { ok: boolean }) });
const describe = ({ action, content }) => `action=${action}, content=${JSON.stringify(content)}`;

/** Those that are there for the session era. */
export const questioningTools = {
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

/** Those that are there for `input_required`; their names are longer. */
export const inputRequiredTools = {
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
        confirmation,
        () => say('state-ok'),
        { stateful: true },
    ),
    tampered_state: asking(
        'Asks and looks after its state',
        confirmation,
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
