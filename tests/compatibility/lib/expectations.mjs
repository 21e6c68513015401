// SPDX-License-Identifier: Apache-2.0
// What works in which cell. Everything does, except for what the table below says, with its reason.
import { hasElicitation } from './revisions.mjs';

export const features = [
    'tools',
    'resources',
    'prompts',
    'completion',
    'progress',
    'cancellation',
    'logging',
    'elicitation',
    'sampling',
    'roots',
    'list_changed',
    'subscription',
    'large messages',
];

const lacking = [
    {
        feature: 'elicitation',
        applies: ({ server }) => !hasElicitation(server),
        reason: 'the revision of the server has no elicitation, so it never asks',
    },
    {
        feature: 'elicitation',
        applies: ({ client }) => !hasElicitation(client),
        reason: 'the revision of the client has no elicitation, so it is never asked',
    },
];

/** Why a feature can't work between these revisions; undefined where it has to. */
export const lackOf = (feature, cell) =>
    lacking.find((each) => each.feature === feature && each.applies(cell))?.reason;

export const reasons = lacking.map(({ reason }) => reason);
