// SPDX-License-Identifier: Apache-2.0
// What a server may ask of its client while it serves a request. The eras differ in how they ask:
// with requests of their own, or with an `input_required` result.
export const sampling = (prompt, maxTokens = 100) => ({
    method: 'sampling/createMessage',
    params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens },
});

export const elicitation = (message, properties, required = Object.keys(properties)) => ({
    method: 'elicitation/create',
    params: { message, requestedSchema: { type: 'object', properties, required } },
});

export const roots = () => ({ method: 'roots/list', params: {} });

export const string = { type: 'string' };

/** The client capability that a question needs. */
export const capabilityFor = ({ method }) => method.split('/')[0];

/** Whether an answer looks like one to `question`; it comes from outside. */
export function isAnswer(question, answer) {
    if (typeof answer !== 'object' || answer === null) return false;
    const member = { sampling: 'content', elicitation: 'action', roots: 'roots' };
    return member[capabilityFor(question)] in answer;
}

const titled = (...pairs) => pairs.map(([value, title]) => ({ const: value, title }));
const options = ['option1', 'option2', 'option3'];

/** SEP-1034: a default for every primitive type. */
export const defaults = () =>
    elicitation('Please review the defaults', {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
    }, []);

/** SEP-1330: the five ways to choose. */
export const enums = () =>
    elicitation('Please choose', {
        untitledSingle: { type: 'string', enum: options },
        titledSingle: {
            type: 'string',
            oneOf: titled(['value1', 'First Option'], ['value2', 'Second Option'], ['value3', 'Third Option']),
        },
        legacyEnum: {
            type: 'string',
            enum: ['opt1', 'opt2', 'opt3'],
            enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
        titledMulti: {
            type: 'array',
            items: {
                anyOf: titled(['value1', 'First Choice'], ['value2', 'Second Choice'], ['value3', 'Third Choice']),
            },
        },
    }, []);
