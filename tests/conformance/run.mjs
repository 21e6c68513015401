// SPDX-License-Identifier: Apache-2.0
// Runs the conformance suite over every arm whose name matches a pattern, and compares each with
// its direct twin. usage: [SHADOWCAT_BIN=…] run.mjs [PATTERN]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { armNames, arms, stop } from './lib/arms.mjs';
import { differences, flaws, judge, orphans } from './lib/judge.mjs';
import { describeDifference, printTable } from './lib/report.mjs';
import { runSuite, scenariosOf } from './lib/suite.mjs';

const atOnce = 2;
const pattern = new RegExp(process.argv[2] ?? '');
const expectations = parse(readFileSync('expected-failures.yaml', 'utf8')) ?? [];

/** An arm is chosen by its name, or because a chosen one is compared with it. */
const chosen = arms.filter(({ name }) => pattern.test(name));
const twins = new Set(chosen.map(({ twin }) => twin));
const queue = arms.filter((arm) => twins.has(arm.name) || chosen.includes(arm));

const results = new Map();
const failures = [];

const fail = (arm, what) => failures.push(`${arm}: ${what}`);

async function run({ name, revision, start }) {
    const directory = path.join('results', name.replaceAll(/\W+/g, '-'));
    mkdirSync(directory, { recursive: true });
    const begin = Date.now();
    let started = [];
    try {
        started = await start();
        results.set(name, await runSuite(started.at(-1).url, revision, directory));
        await stop(started);
    } catch (error) {
        fail(name, error.message);
        await Promise.allSettled(started.map(({ program }) => program.stop('SIGKILL')));
    }
    console.log(`${name}: ran for ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    writeFileSync(
        path.join(directory, 'programs.log'),
        started.map(({ program }) => `${program.name}\n${program.stderr}`).join('\n'),
    );
}

async function work() {
    while (queue.length) await run(queue.shift());
}

function compare({ name, revision, twin, isDirect }) {
    const direct = results.get(twin);
    const own = results.get(name);
    if (!direct || !own) return undefined;
    const { scored, unscored } = scenariosOf(revision);
    const scenarios = [...scored, ...unscored];
    if (isDirect) flaws(scenarios, own).forEach((flaw) => fail(name, flaw));
    const found = isDirect ? [] : differences(scenarios, direct, own);
    const verdict = judge(name, found, expectations);
    verdict.unexpected.forEach((difference) => fail(name, describeDifference(difference)));
    verdict.stale.forEach(({ scenario }) =>
        fail(name, `${scenario}: is expected to differ otherwise or no longer differs, see expected-failures.yaml`),
    );
    return { name, scored, unscored, own, verdict };
}

orphans(expectations, armNames).forEach(({ arm, scenario }) =>
    fail(arm, `${scenario}: expected failure without a reason or an arm of that name`),
);
const compared = arms.filter(({ name }) => pattern.test(name) || twins.has(name));
await Promise.all(Array.from({ length: atOnce }, work));
printTable(compared.map(compare).filter(Boolean));
failures.forEach((failure) => console.log(`\nFAILED ${failure}`));
console.log(`\n${compared.length} arms, ${failures.length} failures`);
process.exit(failures.length ? 1 : 0);
