// SPDX-License-Identifier: Apache-2.0
// Every client revision with every server revision, through Shadowcat, feature by feature.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { OpenCell, cells } from './lib/cells.mjs';
import { check } from './checks/index.mjs';
import { features, lackOf } from './lib/expectations.mjs';
import { formatTable } from './lib/table.mjs';

const atATime = 4;
const timeout = 40_000;
const outcomes = new Map();
const keyOf = (client, server, upstream) => `${client} ${server} ${upstream}`;

async function perform(feature, open, outcome) {
    const lack = lackOf(feature, open.cell);
    outcome.set(feature, false);
    try {
        await check(feature, lack, open);
        outcome.set(feature, true);
    } catch (error) {
        const violations = open.takeViolations();
        if (violations.length) error.message += `\n${violations.join('\n')}`;
        throw error;
    }
}

async function runCell(t, cell) {
    const outcome = new Map();
    if (cell.way === 'reverse')
        outcomes.set(keyOf(cell.client, cell.server, cell.upstream), outcome);
    const open = new OpenCell(cell);
    try {
        await t.test('opens', { timeout }, () => open.open());
        if (!open.client?.capabilities) return;
        for (const feature of features) {
            await t.test(feature, { timeout }, () => perform(feature, open, outcome));
        }
    } finally {
        await t.test('ends', { timeout }, async () => {
            await open.close();
            assert.deepEqual(open.takeViolations(), []);
        });
        open.remove();
        if (process.env.VERBOSE) console.log(`${cell.name}\n${open.stderr}`);
    }
}

describe('compatibility', { concurrency: atATime }, () => {
    for (const cell of cells) test(cell.name, { concurrency: 1 }, (t) => runCell(t, cell));

    after(() => {
        const outcomeOf = (...key) => outcomes.get(keyOf(...key));
        const table = formatTable(outcomeOf);
        if (process.env.MATRIX_FILE) writeFileSync(process.env.MATRIX_FILE, `${table}\n`);
    });
});
