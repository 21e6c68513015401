// SPDX-License-Identifier: Apache-2.0
// The tools that the conformance suite calls, said once for both eras.
import { inputRequiredTools, questioningTools } from './asking-tools.mjs';
import { plainTools } from './plain-tools.mjs';

const prefixed = (prefix, table) =>
    Object.fromEntries(Object.entries(table).map(([name, value]) => [prefix + name, value]));

export const tools = {
    ...plainTools,
    ...questioningTools,
    ...prefixed('test_input_required_result_', inputRequiredTools),
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
