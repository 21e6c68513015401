# SPDX-License-Identifier: Apache-2.0
# What a measured figure means for its budget.

_LEAST_ROOM = {"instructions": 0, "allocations": 0.5}  # on a busy machine, a third of one a call is noise


class Verdict:
    """One figure against its budget; `ceiling` is what the budget itself may never exceed once met."""

    def __init__(self, what, measured, budget, tolerance, ceiling=None):
        room = max(budget * tolerance, _LEAST_ROOM[what])
        self.measured, self.budget, self.ceiling = measured, budget, ceiling
        self.limit = budget + room
        if ceiling is not None and budget <= ceiling:
            self.limit = min(self.limit, ceiling)
        self.within = measured <= self.limit
        self.can_be_lowered = measured < budget - room

    @property
    def remarks(self):
        remarks = [] if self.within else [f"OVER the limit of {self.limit:,.5g}"]
        if self.ceiling is not None and self.measured > self.ceiling:
            remarks.append(f"{self.measured / self.ceiling:.2f} times what the project aims at, {self.ceiling:,}")
        if self.can_be_lowered:
            remarks.append("the budget can be lowered")
        return remarks


def judge(name, path, measured, tolerance):
    """Prints a line for each figure. False when one is over its limit."""
    within = True
    for what, budget in path["budget"].items():
        verdict = Verdict(what, measured[what], budget, tolerance, path["ceiling"].get(what))
        within = within and verdict.within
        change = f"{verdict.measured / budget - 1:+.1%}" if budget else ""
        print("; ".join([f"{name}: {measured[what]:,} {what} a call, budget {budget:,} {change}", *verdict.remarks]))
        if verdict.can_be_lowered:
            print(f"  with: tests/budget/run --update {name}")
    return within
