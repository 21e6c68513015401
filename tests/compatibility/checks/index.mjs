// SPDX-License-Identifier: Apache-2.0
// One check for each feature, the same in every cell; `open` is an OpenCell.
import assert from 'node:assert/strict';

import {
    checkCancellation,
    checkListChanged,
    checkLogging,
    checkProgress,
    checkSubscription,
} from './events.mjs';
import {
    checkCompletion,
    checkLargeMessages,
    checkPrompts,
    checkResources,
    checkTools,
} from './offers.mjs';
import { checkElicitation, checkNoElicitation, checkRoots, checkSampling } from './questions.mjs';

const checks = {
    tools: checkTools,
    resources: checkResources,
    prompts: checkPrompts,
    completion: checkCompletion,
    progress: checkProgress,
    cancellation: checkCancellation,
    logging: checkLogging,
    elicitation: checkElicitation,
    sampling: checkSampling,
    roots: checkRoots,
    list_changed: checkListChanged,
    subscription: checkSubscription,
    'large messages': checkLargeMessages,
};

/** Checks that a feature works, or, where `lack` tells why it can't, that it is missing as it should. */
export async function check(feature, lack, open) {
    await (lack ? checkNoElicitation(open) : checks[feature](open));
    assert.deepEqual(open.takeViolations(), []);
}
