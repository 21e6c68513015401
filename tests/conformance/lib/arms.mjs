// SPDX-License-Identifier: Apache-2.0
// The ways from the suite to the everything server: directly, and through each mode of Shadowcat.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Program } from './processes.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const serverScript = path.join(here, '../server/main.mjs');

export const shadowcat = process.env.SHADOWCAT_BIN;

const stdioServer = (era) => [process.execPath, serverScript, era, 'stdio'];

const quote = (word) => `'${word.replaceAll("'", `'\\''`)}'`;

async function startServer(era) {
    const program = new Program(process.execPath, [serverScript, era, 'http']);
    const [, url] = await program.printed('stdout', /listening url=(\S+)/);
    return { program, url };
}

async function startShadowcat(...args) {
    const program = new Program(shadowcat, args);
    const [, url] = await program.printed('stderr', /listening.*url=(http:\/\/[^\s"]+)/);
    return { program, url };
}

const reverse = (upstream) =>
    startShadowcat('reverse', '--bind', '127.0.0.1:0', '--upstream', upstream);
const forward = (...upstream) =>
    startShadowcat('forward', '--listen', '127.0.0.1:0', ...upstream);

/** What each way starts, in the order of starting; the suite talks to the last. */
const ways = {
    direct: async (era) => [await startServer(era)],
    'reverse stdio': async (era) => [await reverse(stdioServer(era).map(quote).join(' '))],
    'reverse HTTP': async (era) => {
        const server = await startServer(era);
        return [server, await reverse(server.url)];
    },
    'forward stdio': async (era) => [await forward('--', ...stdioServer(era))],
    'forward HTTP': async (era) => {
        const server = await startServer(era);
        return [server, await forward('--upstream', server.url)];
    },
};

const [legacy, modern] = ['2025-11-25', '2026-07-28'];

const toServer = (revision, era, names) =>
    names.map((way) => ({
        name: `${revision} to ${era}, ${way}`,
        revision,
        isDirect: way === 'direct',
        /** The arm that this one must not differ from. */
        twin: `${revision} to ${era === 'dual' ? era : { [legacy]: 'legacy', [modern]: 'modern' }[revision]}, direct`,
        start: () => ways[way](era),
    }));

const reversed = ['reverse stdio', 'reverse HTTP'];
const proxied = [...reversed, 'forward stdio', 'forward HTTP'];

const all = [
    ...toServer(legacy, 'legacy', ['direct', ...proxied]),
    ...toServer(modern, 'modern', ['direct', ...proxied]),
    ...toServer(legacy, 'dual', ['direct', ...reversed]),
    ...toServer(modern, 'dual', ['direct', ...reversed]),
    ...toServer(modern, 'legacy', proxied),
    ...toServer(legacy, 'modern', proxied),
];

/** Without a Shadowcat binary there are only the direct arms. */
export const arms = all.filter(({ isDirect }) => isDirect || shadowcat);
export const armNames = all.map(({ name }) => name);

/** Ends what an arm started, the outermost first. */
export async function stop(started) {
    for (const { program } of [...started].reverse()) await program.stop();
}
