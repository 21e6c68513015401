// SPDX-License-Identifier: Apache-2.0
// The official conformance suite: which scenarios a revision has, and running them against a URL.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { parse } from 'yaml';

import { Program } from './processes.mjs';

const suiteSeconds = 120;
const suiteDir = path.dirname(
    createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json'),
);

/** Scenarios for servers: those that count, and those that are worth a comparison all the same. */
export function scenariosOf(revision) {
    const file = path.join(suiteDir, 'requirements', `${revision}.yaml`);
    const { server, not_scored: others } = parse(readFileSync(file, 'utf8'));
    const isComparable = ({ leg, reason }) => leg === 'server' && reason !== 'extension';
    return { scored: server, unscored: others.filter(isComparable).map((o) => o.scenario) };
}

/** `server-NAME-TIMESTAMP` is where the suite leaves what it found in one scenario; nothing is there
 * when the scenario itself broke. */
function readResults(directory) {
    const results = new Map();
    for (const entry of readdirSync(directory)) {
        const [, scenario] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry) ?? [];
        const file = path.join(directory, entry, 'checks.json');
        if (!scenario || !existsSync(file)) continue;
        results.set(scenario, JSON.parse(readFileSync(file, 'utf8')));
    }
    return results;
}

/** The suite's own verdict is its exit code, which counts extensions and is of no use here. */
async function run(url, directory, selection) {
    const suite = new Program(process.execPath, [
        path.join(suiteDir, 'dist/index.js'),
        'server',
        ...['--url', url, '--output-dir', directory, ...selection],
    ]);
    const late = new Promise((resolve) => setTimeout(resolve, suiteSeconds * 1000, 'late').unref());
    if ((await Promise.race([suite.ended, late])) === 'late') {
        await suite.stop('SIGKILL');
        throw new Error(`the suite took more than ${suiteSeconds} s\n${suite.stdout.slice(-500)}`);
    }
    writeFileSync(path.join(directory, 'suite.log'), suite.stdout + suite.stderr);
    return readResults(directory);
}

/** The checks of every scenario. */
export const runSuite = (url, revision, directory) =>
    run(url, directory, ['--requirements', revision]);

/** The checks of one scenario. */
export async function runScenario(url, revision, directory, scenario) {
    const only = ['--scenario', scenario, '--spec-version', revision];
    return (await run(url, directory, only)).get(scenario) ?? [];
}
