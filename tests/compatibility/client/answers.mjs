// SPDX-License-Identifier: Apache-2.0
// What the clients answer when a server asks, and what they declare to be able to answer.
import { hasElicitation, hasUrlElicitation, isModern } from '../lib/revisions.mjs';

export const clientInfo = { name: 'matrix-client', version: '1.0.0' };

export const capabilitiesOf = (revision) => ({
    sampling: {},
    roots: isModern(revision) ? {} : { listChanged: true },
    ...(hasElicitation(revision)
        ? { elicitation: hasUrlElicitation(revision) ? { form: {}, url: {} } : {} }
        : {}),
});

const values = { name: 'Ada', place: 'London' };
const fill = (properties) =>
    Object.fromEntries(Object.keys(properties).map((key) => [key, values[key]]));

export const answers = {
    'sampling/createMessage': () => ({
        role: 'assistant',
        model: 'matrix',
        content: { type: 'text', text: 'hello' },
    }),
    'roots/list': () => ({ roots: [{ uri: 'file:///matrix', name: 'matrix' }] }),
    'elicitation/create': ({ mode, requestedSchema }) =>
        mode === 'url'
            ? { action: 'accept' }
            : { action: 'accept', content: fill(requestedSchema.properties) },
};
