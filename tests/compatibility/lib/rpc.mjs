// SPDX-License-Identifier: Apache-2.0
// JSON-RPC messages and the errors that they carry.
export const invalidRequest = -32600;
export const methodNotFound = -32601;
export const invalidParams = -32602;
export const internalError = -32603;
export const headerMismatch = -32020;
export const missingCapability = -32021;
export const unsupportedVersion = -32022;
export const legacyNotFound = -32002;
export const urlRequired = -32042;

export class RpcError extends Error {
    constructor(code, message, data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    toJSON() {
        const { code, message, data } = this;
        return data === undefined ? { code, message } : { code, message, data };
    }
}

export const request = (id, method, params) => ({ jsonrpc: '2.0', id, method, params });
export const notification = (method, params) => ({ jsonrpc: '2.0', method, params });
export const result = (id, value) => ({ jsonrpc: '2.0', id, result: value });
export const failure = (id, error) => ({ jsonrpc: '2.0', id, error });

export const isRequest = (message) => 'method' in message && 'id' in message;
export const isNotification = (message) => 'method' in message && !('id' in message);
export const isResponse = (message) => !('method' in message);
