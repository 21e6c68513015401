# SPDX-License-Identifier: Apache-2.0
"""The order of arms in a round: each begins one further on, so that none is always first or last."""


def rotated(arms, round_number):
    if not arms:
        return []
    start = round_number % len(arms)
    return arms[start:] + arms[:start]
