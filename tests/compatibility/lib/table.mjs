// SPDX-License-Identifier: Apache-2.0
// The matrix as Markdown: a row for each client revision, a column for each server.
import { features, lackOf, reasons } from './expectations.mjs';
import { revisions } from './revisions.mjs';

const columns = revisions.flatMap((server) =>
    ['stdio', 'http'].map((upstream) => ({ server, upstream })),
);

/** What one cell shows: how many features work, and which don't. */
function summary(cell, outcome) {
    if (!outcome) return '–';
    const working = features.filter((each) => outcome.get(each) && !lackOf(each, cell));
    const missing = features.filter((each) => !working.includes(each));
    const failed = missing.filter((each) => !outcome.get(each));
    const names = missing.map((each) => (failed.includes(each) ? `**${each}**` : each));
    const list = missing.length > 5 ? `**${missing.length} features**` : names.join(', ');
    return missing.length ? `${working.length}/13, no ${list}` : '13/13';
}

const row = (cells) => `| ${cells.join(' | ')} |`;

/** `outcomeOf(client, server, upstream)` maps features to whether they were as expected. */
export function formatTable(outcomeOf) {
    const heads = columns.map(
        ({ server, upstream }) => `${server} ${upstream === 'http' ? 'HTTP' : upstream}`,
    );
    const rows = revisions.map((client) =>
        row([
            `**${client}**`,
            ...columns.map(({ server, upstream }) =>
                summary({ client, server }, outcomeOf(client, server, upstream)),
            ),
        ]),
    );
    const rule = row(['---', ...columns.map(() => '---')]);
    return [
        row(['client ↓ server →', ...heads]),
        rule,
        ...rows,
        '',
        ...reasons.map((each) => `- No elicitation: ${each}.`),
    ].join('\n');
}
