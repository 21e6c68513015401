// SPDX-License-Identifier: Apache-2.0
// usage: main.mjs legacy|modern|dual stdio|http
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Behind some arms a process starts for every session.
enableCompileCache(fileURLToPath(new URL('../compile-cache', import.meta.url)));

const [era, transport] = process.argv.slice(2);

if (transport === 'http') {
    const { serveHttp } = await import('./http.mjs');
    serveHttp(era);
} else {
    const { serveStdioFor } = await import('./stdio.mjs');
    await serveStdioFor(era);
}
