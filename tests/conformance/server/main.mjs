// SPDX-License-Identifier: Apache-2.0
// usage: main.mjs legacy|modern|dual stdio|http
const [era, transport] = process.argv.slice(2);

if (transport === 'http') {
    const { serveHttp } = await import('./http.mjs');
    serveHttp(era);
} else {
    const { serveStdioFor } = await import('./stdio.mjs');
    await serveStdioFor(era);
}
