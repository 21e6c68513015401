// SPDX-License-Identifier: Apache-2.0
// Starting programs, waiting for what they print, ending them, and seeing what they leave behind.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 15_000;
const running = new Set();

// Nothing outlives the tests, even when they are interrupted.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Polls until `check` gives something truthy; fails with `what` when it never does. */
export async function eventually(what, check, ms = patienceMs) {
    const deadline = Date.now() + ms;
    while (true) {
        const value = await check();
        if (value) return value;
        if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain: ${what}`);
        await sleep(10);
    }
}

/** A child process whose output is kept, so that a failing test can show it. */
export class Program {
    constructor(command, args, options = {}) {
        this.name = [command, ...args].join(' ');
        this.stderr = '';
        this.stdout = '';
        this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
        this.child.stdin.on('error', () => {});
        this.child.stdout.on('data', (data) => (this.stdout += data));
        this.child.stderr.on('data', (data) => (this.stderr += data));
        this.ended = new Promise((resolve) => {
            this.child.on('error', (error) => resolve({ error }));
            this.child.on('exit', (code, signal) => resolve({ code, signal }));
        });
        running.add(this.child);
        this.ended.then((end) => {
            this.end = end;
            running.delete(this.child);
        });
    }

    get pid() {
        return this.child.pid;
    }

    /** The first match of `pattern` in what the program printed on `stream`. */
    async printed(stream, pattern) {
        const match = await eventually(`${this.name} prints ${pattern}`, () => {
            const found = pattern.exec(this[stream]);
            if (!found && this.end) throw new Error(`${this.name} ended early\n${this.stderr}`);
            return found;
        });
        return match;
    }

    /** Asks it to end and waits until it and all its children have; kills it when it does not. */
    async stop(signal = 'SIGTERM') {
        if (this.end) return this.end;
        const family = familyOf(this.pid);
        this.child.kill(signal);
        const late = new Promise((resolve) => setTimeout(resolve, patienceMs, 'late').unref());
        if ((await Promise.race([this.ended, late])) === 'late') {
            this.child.kill('SIGKILL');
            throw new Error(`${this.name} ignored ${signal} for ${patienceMs} ms\n${this.stderr}`);
        }
        await gone(family);
        return this.end;
    }
}

/** State letter and parent of a process, nothing if it is gone. */
export function processStat(pid) {
    try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
        return { state, parent: Number(parent) };
    } catch {
        return undefined;
    }
}

export const isAlive = (pid) => !['Z', 'X', undefined].includes(processStat(pid)?.state);

/** Pids of the direct children, zombies included. */
export function childrenOf(pid) {
    return readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .filter((candidate) => processStat(candidate)?.parent === pid);
}

/** Pids of a process and of all that it started, directly or not. */
export const familyOf = (pid) => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** Waits until none of `pids` lives; kills those that do not go, and fails. */
export async function gone(pids) {
    try {
        await eventually(`processes ${pids} are gone`, () => !pids.some(isAlive));
    } catch (error) {
        pids.filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL'));
        throw error;
    }
}
