// SPDX-License-Identifier: Apache-2.0
// Content blocks, resources, prompts and completions by the names that the conformance suite knows.
export const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
// A header of 44 bytes and no samples.
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

export const text = (words) => ({ type: 'text', text: words });
export const image = { type: 'image', data: png, mimeType: 'image/png' };
export const audio = { type: 'audio', data: wav, mimeType: 'audio/wav' };
export const embedded = (uri, mimeType, words) => ({
    type: 'resource',
    resource: { uri, mimeType, text: words },
});

const resource = (uri, mimeType, description, body) => ({
    listed: { uri, name: uri.replace('test://', ''), description, mimeType },
    contents: { uri, mimeType, ...body },
});

const resources = [
    resource('test://static-text', 'text/plain', 'A text that never changes', {
        text: 'This is the content of the static text resource.',
    }),
    resource('test://static-binary', 'image/png', 'One red pixel', { blob: png }),
    resource('test://watched-resource', 'text/plain', 'Something to subscribe to', {
        text: 'Nothing has happened yet.',
    }),
];

const template = {
    uriTemplate: 'test://template/{id}/data',
    name: 'template',
    description: 'Some data for every id',
    mimeType: 'application/json',
};

function fillTemplate(uri) {
    const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
    if (id === undefined) return undefined;
    const data = { id, templateTest: true, data: `Data for ID: ${id}` };
    return { uri, mimeType: template.mimeType, text: JSON.stringify(data) };
}

export const listResources = () => ({ resources: resources.map(({ listed }) => listed) });
export const listTemplates = () => ({ resourceTemplates: [template] });

/** Nothing when there is no such resource. */
export const findContents = (uri) =>
    resources.find(({ listed }) => listed.uri === uri)?.contents ?? fillTemplate(uri);

/** Completions of a prompt's or a template's argument. */
export function complete({ argument }) {
    const values = ['testValue1', 'testValue2'].filter((value) => value.startsWith(argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
}
