// SPDX-License-Identifier: Apache-2.0
// An arm with its client sessions, opened before the tests of a suite and closed after them.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';

import { arms, closeArm } from './arms.mjs';
import { Talk } from './talk.mjs';

/** Declares a suite on one arm. `define(session)` declares its tests; once they run,
 * `session.talks` has a client for each of `names`, and `session.talk` is the first of them. */
export function describeArm({ name, open }, names, define) {
    describe(name, () => {
        const session = { talks: [] };
        before(async () => {
            session.arm = await open();
            const opened = names.map((client) => Talk.open(session.arm, client));
            const results = await Promise.allSettled(opened);
            session.talks = results.flatMap(({ value }) => value ?? []);
            session.talk = session.talks[0];
            const failed = results.find(({ reason }) => reason);
            if (failed) await closeSession(session).finally(() => Promise.reject(failed.reason));
        });
        define(session);
        after(() => closeSession(session));
    });
}

export function forEachArm(server, define) {
    for (const arm of arms.filter((candidate) => candidate.server === server)) {
        describeArm(arm, ['Alice'], define);
    }
}

async function closeSession(session) {
    const { arm, talks } = session;
    session.arm = undefined;
    session.talks = [];
    const errors = talks.flatMap((talk) => talk.errors);
    try {
        await Promise.all(talks.map((talk) => talk.close()));
    } finally {
        if (arm) await closeArm(arm);
    }
    assert.deepEqual(errors, [], `clients saw errors\n${talks.map(({ stderr }) => stderr ?? '')}`);
}
