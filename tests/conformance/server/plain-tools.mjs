// SPDX-License-Identifier: Apache-2.0
// The tools that ask nothing of the client.
import { setTimeout as sleep } from 'node:timers/promises';

import { audio, embedded, image, text } from './contents.mjs';
import { content, say, tool } from './features.mjs';
import { string } from './questions.mjs';
import schema2020 from './schema-2020-12.mjs';

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

export const plainTools = {
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
