// SPDX-License-Identifier: Apache-2.0
// Compares what the suite found over an arm with what it found directly, and the differences with
// those that are expected.
const isFine = ({ status }) => status === 'SUCCESS' || status === 'INFO';

/** Checks by their id, which may occur more than once. INFO alone is no verdict. */
function byId(checks = []) {
    const groups = Map.groupBy(checks, ({ id }) => id);
    const isVerdict = (group) => group.some(({ status }) => status !== 'INFO');
    return new Map([...groups].map(([id, group]) => [id, { group, counts: isVerdict(group) }]));
}

function compareCheck(id, direct, arm) {
    if (!arm) return direct.counts ? { id, found: 'missing' } : undefined;
    const worst = arm.group.find((check) => !isFine(check));
    return worst && { id, found: worst.status, message: worst.errorMessage };
}

function compareScenario(scenario, direct, arm) {
    const [before, after] = [byId(direct), byId(arm)];
    const ids = new Set([...before.keys(), ...after.keys()]);
    const checks = [...ids]
        .map((id) => compareCheck(id, before.get(id), after.get(id)))
        .filter(Boolean);
    return checks.length ? [{ scenario, checks }] : [];
}

/** What the fixture itself gets wrong, without a proxy. */
export function flaws(scenarios, direct) {
    return scenarios.flatMap((scenario) => {
        if (!direct.has(scenario)) return [`${scenario}: did not run`];
        const bad = direct.get(scenario).filter((check) => !isFine(check));
        return bad.map(({ id, status, errorMessage }) => `${scenario}: ${id} ${status} ${errorMessage}`);
    });
}

/** Scenarios that turn out otherwise over the arm than directly, with the checks that do. */
export const differences = (scenarios, direct, arm) =>
    scenarios.flatMap((scenario) =>
        compareScenario(scenario, direct.get(scenario), arm.get(scenario)),
    );

const sorted = (ids) => [...ids].sort().join(' ');
const armsOf = ({ arm }) => [arm].flat();

/** Expected differences name all checks that differ, so that a list that is too long is seen. */
export function judge(arm, found, expectations) {
    const expected = expectations.filter((entry) => armsOf(entry).includes(arm));
    const isSame = (difference) => (entry) =>
        entry.scenario === difference.scenario &&
        sorted(entry.checks) === sorted(difference.checks.map(({ id }) => id));
    return {
        unexpected: found.filter((difference) => !expected.some(isSame(difference))),
        stale: expected.filter((entry) => !found.some((difference) => isSame(difference)(entry))),
        known: found.filter((difference) => expected.some(isSame(difference))),
    };
}

/** Entries that no arm can ever use up. */
export const orphans = (expectations, arms) =>
    expectations.filter((entry) => !entry.reason || !armsOf(entry).every((arm) => arms.includes(arm)));

/** Scenarios without a failure, and checks that succeeded. */
export function score(scenarios, results) {
    const ran = scenarios.map((scenario) => results.get(scenario) ?? []);
    const checks = ran.flat().filter(({ status }) => status !== 'INFO');
    const passes = (list) => list.length && !list.some(({ status }) => status === 'FAILURE');
    return {
        scenarios: `${ran.filter(passes).length}/${scenarios.length}`,
        checks: `${checks.filter(isFine).length}/${checks.length}`,
    };
}
