// SPDX-License-Identifier: Apache-2.0
// Loaded into server-everything before its own code, which would listen on all interfaces and on a
// fixed port: here it listens on the loopback interface, on a free port that it prints.
import { webcrypto } from 'node:crypto';
import net from 'node:net';

// Node 18 lacks this global, and the server takes it for granted.
globalThis.crypto ??= webcrypto;

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (_port, ...rest) {
    this.once('listening', () => console.log(`loopback port ${this.address().port}`));
    return listen.call(this, 0, '127.0.0.1', ...rest.filter((arg) => typeof arg === 'function'));
};

// It ends with the test that started it.
process.stdin.resume().on('end', () => process.exit(0));
