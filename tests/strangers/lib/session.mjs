// SPDX-License-Identifier: Apache-2.0
// Runs a suite once an arm: one session, opened before its tests and closed after them.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';

import { arms, closeArm } from './arms.mjs';
import { Talk } from './talk.mjs';

/** `define(session)` declares the tests; `session.talk` and `session.arm` exist once they run. */
export function forEachArm(server, define) {
    for (const { name, open } of arms.filter((arm) => arm.server === server)) {
        describe(name, () => {
            const session = {};
            before(async () => {
                session.arm = await open();
                session.talk = await Talk.open(session.arm);
            });
            define(session);
            after(() => closeSession(session));
        });
    }
}

async function closeSession({ arm, talk }) {
    const errors = talk?.errors.slice();
    try {
        await talk?.close();
    } finally {
        if (arm) await closeArm(arm);
    }
    assert.deepEqual(errors, [], `the client saw errors\n${talk?.stderr ?? ''}`);
}
