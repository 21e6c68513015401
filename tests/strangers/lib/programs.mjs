// SPDX-License-Identifier: Apache-2.0
// The programs under test and how to start them: Shadowcat, the demo server, server-everything.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Program } from './processes.mjs';

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));

export const shadowcat = process.env.SHADOWCAT_BIN;

const everythingDir = path.dirname(
    require.resolve('@modelcontextprotocol/server-everything/package.json'),
);

/** Command lines of the stdio servers. */
export const servers = {
    demo: [process.env.SHADOWCAT_DEMO_SERVER],
    everything: [process.execPath, path.join(everythingDir, 'dist/index.js'), 'stdio'],
};

const quote = (word) => `'${word.replaceAll("'", `'\\''`)}'`;

/** A command line as one word, for --upstream. */
export const asShellWords = (command) => command.map(quote).join(' ');

/** What a sanitizer build of Shadowcat needs to find in its environment. */
export const buildEnvironment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(A|L|T|UB)SAN_OPTIONS$/.test(name)),
);

/** Starts Shadowcat with arguments that make it listen; `url` is its MCP endpoint. */
export async function startShadowcat(args) {
    const program = new Program(shadowcat, args);
    const [, url] = await program.printed('stderr', /listening.*url=(http:\/\/[^\s"]+)/);
    return { program, url };
}

export const startReverse = (upstream, ...options) =>
    startShadowcat(['reverse', '--upstream', upstream, '--bind', '127.0.0.1:0', ...options]);

/** Starts server-everything over Streamable HTTP, on a free port of the loopback interface. */
export async function startEverythingHttp() {
    const script = path.join(everythingDir, 'dist/transports/streamableHttp.js');
    const program = new Program(process.execPath, [
        '--import',
        path.join(here, 'loopback.mjs'),
        script,
    ]);
    const [, port] = await program.printed('stdout', /loopback port (\d+)/);
    return { program, url: `http://127.0.0.1:${port}/mcp` };
}
