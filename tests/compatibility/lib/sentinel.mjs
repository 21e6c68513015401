// SPDX-License-Identifier: Apache-2.0
// Values of `Mcp-Name` and `Mcp-Param-*` headers, which may be wrapped in Base64.
const wrapped = /^=\?base64\?(.*)\?=$/s;
const isPlain = (text) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) || text === '';

export const encodeHeader = (value) => {
    const text = String(value);
    if (isPlain(text) && !wrapped.test(text)) return text;
    return `=?base64?${Buffer.from(text).toString('base64')}?=`;
};

/** The value that a header stands for; undefined where its wrapping is broken. */
export const decodeHeader = (header) => {
    const base64 = wrapped.exec(header)?.[1];
    if (base64 === undefined) return header;
    const bytes = Buffer.from(base64, 'base64');
    return bytes.toString('base64') === base64 ? bytes.toString() : undefined;
};
