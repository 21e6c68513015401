// SPDX-License-Identifier: Apache-2.0
// The eras over stdio. Only what the era needs is loaded: some arms start many processes.
const serve = {
    async legacy() {
        const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
        const { makeLegacyServer } = await import('./legacy.mjs');
        await makeLegacyServer().connect(new StdioServerTransport());
    },
    async modern() {
        await serveModern('reject');
    },
    async dual() {
        await serveModern('serve');
    },
};

/** The SDK translates for clients of the session era, unless it rejects them. */
async function serveModern(legacy) {
    const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
    const { makeModernServer } = await import('./modern.mjs');
    serveStdio(() => makeModernServer(), { legacy });
}

export async function serveStdioFor(era) {
    await serve[era]();
    // The SDK 1.x does not notice that its client is gone.
    process.stdin.on('end', () => process.exit(0));
}
