// SPDX-License-Identifier: Apache-2.0
// What a run prints.
import { score } from './judge.mjs';

const describeCheck = ({ id, found, message }) =>
    `    ${id}: ${found}${message ? `: ${message.slice(0, 500)}` : ''}`;

export const describeDifference = ({ scenario, checks }) =>
    [`${scenario}: not as directly`, ...checks.map(describeCheck)].join('\n');

const header = ['arm', 'scenarios', 'unscored', 'checks', 'differ as expected', 'differ'];

function row({ name, scored, unscored, own, verdict }) {
    const whole = score([...scored, ...unscored], own);
    return [
        name,
        score(scored, own).scenarios,
        score(unscored, own).scenarios,
        whole.checks,
        String(verdict.known.length),
        String(verdict.unexpected.length),
    ];
}

export function printTable(compared) {
    const rows = [header, ...compared.map(row)];
    const widths = header.map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
    for (const cells of rows) {
        console.log(cells.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
    }
}
