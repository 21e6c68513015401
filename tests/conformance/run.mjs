// SPDX-License-Identifier: Apache-2.0
// Runs the conformance suite over every arm whose name matches a pattern, and compares each with
// its direct twin. usage: [SHADOWCAT_BIN=…] run.mjs [PATTERN]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { armNames, arms, stop } from './lib/arms.mjs';
import { differences, flaws, judge, orphans } from './lib/judge.mjs';
import { describeDifference, printTable } from './lib/report.mjs';
import { runScenario, runSuite, scenariosOf } from './lib/suite.mjs';

const atOnce = 2;
const pattern = new RegExp(process.argv[2] ?? '');
const expectations = parse(readFileSync('expected-failures.yaml', 'utf8')) ?? [];

/** More than this many scenarios of an arm don't differ for want of time. */
const secondChances = 5;

/** An arm is chosen by its name, or because a chosen one is compared with it. */
const chosen = arms.filter(({ name }) => pattern.test(name));
const twins = new Set(chosen.map(({ twin }) => twin));
const selected = arms.filter((arm) => twins.has(arm.name) || chosen.includes(arm));

const results = new Map();
const failures = [];

const fail = (arm, what) => failures.push(`${arm}: ${what}`);

/** Starts what the arm consists of, does `work` with its URL, and stops it. */
async function withArm({ name, start }, suffix, work) {
    const directory = path.join('results', name.replaceAll(/\W+/g, '-') + suffix);
    mkdirSync(directory, { recursive: true });
    const begin = Date.now();
    let started = [];
    try {
        started = await start();
        await work(started.at(-1).url, directory);
        await stop(started);
    } catch (error) {
        fail(name, error.message);
        await Promise.allSettled(started.map(({ program }) => program.stop('SIGKILL')));
    }
    console.log(`${name}${suffix}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    writeFileSync(
        path.join(directory, 'programs.log'),
        started.map(({ program }) => `${program.name}\n${program.stderr}`).join('\n'),
    );
}

async function runArms(queue) {
    for (let arm = queue.shift(); arm; arm = queue.shift()) {
        await withArm(arm, '', async (url, directory) => {
            results.set(arm.name, await runSuite(url, arm.revision, directory));
        });
    }
}

const scenariosFor = ({ revision }) => Object.values(scenariosOf(revision)).flat();

function verdictOn(arm) {
    const [direct, own] = [results.get(arm.twin), results.get(arm.name)];
    if (!direct || !own) return undefined;
    const found = arm.isDirect ? [] : differences(scenariosFor(arm), direct, own);
    return judge(arm.name, found, expectations);
}

/** The suite gives some answers only half a second, which a busy machine may miss: what differs is
 * run once more when nothing else runs. */
async function runAgain(arm) {
    const again = verdictOn(arm)?.unexpected ?? [];
    if (again.length === 0 || again.length > secondChances) return;
    await withArm(arm, ', again', async (url, directory) => {
        for (const { scenario } of again) {
            const checks = await runScenario(url, arm.revision, directory, scenario);
            results.get(arm.name).set(scenario, checks);
        }
    });
}

function report(arm) {
    const { name, isDirect, revision } = arm;
    const verdict = verdictOn(arm);
    if (!verdict) return [];
    if (isDirect) flaws(scenariosFor(arm), results.get(name)).forEach((flaw) => fail(name, flaw));
    verdict.unexpected.forEach((difference) => fail(name, describeDifference(difference)));
    verdict.stale.forEach(({ scenario }) =>
        fail(name, `${scenario}: does not differ as expected-failures.yaml says, or no longer`),
    );
    return [{ name, ...scenariosOf(revision), own: results.get(name), verdict }];
}

orphans(expectations, armNames).forEach(({ arm, scenario }) =>
    fail(arm, `${scenario}: expected failure without a reason or an arm of that name`),
);
const queue = [...selected];
await Promise.all(Array.from({ length: atOnce }, () => runArms(queue)));
for (const arm of selected) await runAgain(arm);
printTable(selected.flatMap(report));
failures.forEach((failure) => console.log(`\nFAILED ${failure}`));
console.log(`\n${selected.length} arms, ${failures.length} failures`);
process.exit(failures.length ? 1 : 0);
