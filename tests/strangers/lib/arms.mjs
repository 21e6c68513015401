// SPDX-License-Identifier: Apache-2.0
// The ways from a client to a server: directly, or through Shadowcat in each of its modes. Every
// suite runs the same assertions over every arm, so that the proxy must not make a difference.
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import {
    asShellWords,
    buildEnvironment,
    servers,
    shadowcat,
    startEverythingHttp,
    startReverse,
    startShadowcat,
} from './programs.mjs';

/** An open arm: `transport()` makes a client's way in, `programs` are to be ended afterwards. */
const overStdio = ([command, ...args], programs = []) => ({
    programs,
    transport: () =>
        new StdioClientTransport({ command, args, stderr: 'pipe', env: buildEnvironment }),
});

/** `started` in the order of starting; the client talks to the last. */
export const overHttp = (...started) => ({
    programs: started.map(({ program }) => program),
    transport: () => new StreamableHTTPClientTransport(new URL(started.at(-1).url)),
});

const forward = (...args) => [shadowcat, 'forward', ...args];
const listening = (...args) => startShadowcat(['forward', '--listen', '127.0.0.1:0', ...args]);
const reverseTo = (server) => startReverse(asShellWords(servers[server]));

/** `client` is how the client talks: stdio, or http, where it may share the arm with others. */
const arm = (server, way, client, open) => ({ name: `${server}, ${way}`, server, client, open });

const toStdioServer = (server) => [
    arm(server, 'reverse with stdio upstream', 'http', async () =>
        overHttp(await reverseTo(server)),
    ),
    arm(server, 'forward stdio to stdio', 'stdio', async () =>
        overStdio(forward('--', ...servers[server])),
    ),
    arm(server, 'forward HTTP to stdio', 'http', async () =>
        overHttp(await listening('--', ...servers[server])),
    ),
];

/** `startUpstream` starts an HTTP server. */
const toHttpServer = (server, startUpstream) => [
    arm(server, 'reverse with HTTP upstream', 'http', async () => {
        const upstream = await startUpstream();
        return overHttp(upstream, await startReverse(upstream.url));
    }),
    arm(server, 'forward stdio to HTTP', 'stdio', async () => {
        const upstream = await startUpstream();
        return overStdio(forward('--upstream', upstream.url), [upstream.program]);
    }),
    arm(server, 'forward HTTP to HTTP', 'http', async () => {
        const upstream = await startUpstream();
        return overHttp(upstream, await listening('--upstream', upstream.url));
    }),
];

const direct = [
    arm('demo', 'directly over stdio', 'stdio', async () => overStdio(servers.demo)),
    arm('everything', 'directly over stdio', 'stdio', async () => overStdio(servers.everything)),
    arm('everything', 'directly over HTTP', 'http', async () =>
        overHttp(await startEverythingHttp()),
    ),
];

// The demo server speaks no HTTP: another Shadowcat lends it that.
const proxied = [
    ...toStdioServer('demo'),
    ...toHttpServer('demo', () => reverseTo('demo')),
    ...toStdioServer('everything'),
    ...toHttpServer('everything', startEverythingHttp),
];

/** Without a Shadowcat binary there are only the direct arms. */
export const arms = shadowcat ? [...direct, ...proxied] : direct;

/** Ends what an arm started, the outermost proxy first. */
export async function closeArm({ programs }) {
    for (const program of [...programs].reverse()) {
        await program.stop();
    }
}
