// SPDX-License-Identifier: Apache-2.0
// JSON whose numbers keep their digits: what JavaScript can't hold travels as a marked string.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const marked = /"@exact:([^"@]*)@"/g;

/** Stands for a number of exactly these digits. */
export const exact = (digits) => `@exact:${digits}@`;

const isSafe = (text) => text[0] === '"' || String(Number(text)) === text;

export const parse = (text) =>
    JSON.parse(text.replace(token, (each) => (isSafe(each) ? each : `"${exact(each)}"`)));

export const stringify = (value) => JSON.stringify(value).replace(marked, '$1');

/** An id or token as a key that tells `1` from `"1"`. */
export const keyOf = (id) => (id === undefined ? 'undefined' : stringify(id));
