# SPDX-License-Identifier: Apache-2.0
"""How thorough a run is."""
from dataclasses import dataclass

from .scenarios import FULL, QUICK, USUAL


@dataclass(frozen=True)
class Settings:
    tier: int
    rounds: int
    seconds: int  # of load in each round
    warm_up: int  # seconds of load before the first round; in a quick run only for what a JIT compiles
    patience: float  # seconds to wait for a quiet machine, each round
    patience_in_all: float

    @property
    def quick(self):
        return self.tier == QUICK

    def rounds_of(self, scenario):
        """Sessions, bursts and starts are the same each time: few rounds, or many short ones."""
        if self.quick:
            return min(self.rounds, scenario.quick_rounds) if scenario.kind != "first" else 5
        if scenario.kind == "first":
            return 15
        return min(self.rounds, {"idle": 3, "burst": 3, "churn": 3}.get(scenario.kind, self.rounds))


def usual():
    return Settings(USUAL, rounds=5, seconds=3, warm_up=1, patience=5, patience_in_all=600)


def full():
    return Settings(FULL, rounds=5, seconds=3, warm_up=1, patience=5, patience_in_all=1800)


def quick():
    return Settings(QUICK, rounds=2, seconds=1, warm_up=1, patience=1, patience_in_all=15)
