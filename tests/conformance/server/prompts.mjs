// SPDX-License-Identifier: Apache-2.0
// The prompts that the conformance suite gets, described as the tools are.
import { embedded, image, text } from './contents.mjs';
import { elicitation, string } from './questions.mjs';

const messages = (...contents) => ({
    messages: contents.map((content) => ({ role: 'user', content })),
});

const prompt = (description, run, more = {}) => ({ description, run, ...more });

export const prompts = {
    test_simple_prompt: prompt('A prompt without arguments', () =>
        messages(text('This is a simple prompt for testing.')),
    ),
    test_prompt_with_arguments: prompt(
        'A prompt with two arguments',
        ({ args: { arg1, arg2 } }) =>
            messages(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
        { parameters: ['arg1', 'arg2'] },
    ),
    test_prompt_with_embedded_resource: prompt(
        'A prompt with a resource in it',
        ({ args: { resourceUri } }) =>
            messages(
                embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
                text('Please process the embedded resource above.'),
            ),
        { parameters: ['resourceUri'] },
    ),
    test_prompt_with_image: prompt('A prompt with an image in it', () =>
        messages(image, text('Please analyze the image above.')),
    ),
    test_input_required_result_prompt: prompt(
        'A prompt that asks the user',
        ({ answers }) => messages(text(`Context: ${answers.user_context.content?.context}`)),
        {
            rounds: [
                () => ({
                    user_context: elicitation('What context should the prompt use?', {
                        context: string,
                    }),
                }),
            ],
        },
    ),
};

const listed = ([name, { description, parameters = [] }]) => ({
    name,
    description,
    arguments: parameters.map((parameter) => ({ name: parameter, required: true })),
});

export const listPrompts = () => ({ prompts: Object.entries(prompts).map(listed) });
