// SPDX-License-Identifier: Apache-2.0
// Server-sent events: reading and writing them.
const fresh = () => ({ event: 'message', data: [], isEmpty: true });

function readLine(event, line) {
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') event.data.push(value);
    else if (['event', 'id', 'retry'].includes(field)) event[field] = value;
    event.isEmpty = false;
}

/** Yields {event, id, retry, data} for each event; `data` is undefined where there was none. */
export async function* readEvents(stream) {
    let rest = '';
    let event = fresh();
    stream.setEncoding('utf8');
    for await (const chunk of stream) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop();
        for (const line of lines.map((each) => each.replace(/\r$/, ''))) {
            if (line !== '') readLine(event, line);
            else if (!event.isEmpty) {
                yield { ...event, data: event.data.length ? event.data.join('\n') : undefined };
                event = fresh();
            }
        }
    }
}

export const sseHeaders = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
};

export const formatEvent = ({ id, event, data, retry }) =>
    [
        ...(id === undefined ? [] : [`id: ${id}`]),
        ...(event === undefined ? [] : [`event: ${event}`]),
        ...(retry === undefined ? [] : [`retry: ${retry}`]),
        ...(data === undefined ? [] : [`data: ${data}`]),
    ].join('\n') + '\n\n';
