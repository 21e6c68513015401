// SPDX-License-Identifier: Apache-2.0
// How tools are described: `run` makes the result from `args` and from what the era lends it. A tool
// that needs something of the client names its questions in `rounds`; the server of an era asks
// them in its own way and hands the `answers` to `run`.
import { text } from './contents.mjs';

export const content = (...blocks) => ({ content: blocks });
export const say = (words) => content(text(words));

export const tool = (description, run, more = {}) => ({ description, run, ...more });

/** A tool with one round of questions. */
export const asking = (description, questions, run, more = {}) =>
    tool(description, run, { rounds: [questions], ...more });
