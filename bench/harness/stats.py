# SPDX-License-Identifier: Apache-2.0
"""Medians, spreads and ratios of rounds."""
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The median of some rounds, and their range."""

    median: float
    low: float
    high: float


def spread(values):
    """None where there is nothing to say."""
    values = [value for value in values if value is not None]
    if not values:
        return None
    return Spread(median(values), min(values), max(values))


def figures_by_round(rounds, figure):
    """{round number: value} of the rounds that have the figure."""
    return {r["round"]: r["figures"][figure] for r in rounds if r["figures"].get(figure) is not None}


def ratios(rounds, peer_rounds, figure):
    """What one arm has for each of the other's, always within one round."""
    ours, theirs = figures_by_round(rounds, figure), figures_by_round(peer_rounds, figure)
    return [ours[number] / theirs[number] for number in sorted(ours) if theirs.get(number)]
