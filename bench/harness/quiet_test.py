# SPDX-License-Identifier: Apache-2.0
"""Whose CPU time is whose."""
import unittest

from harness import procfs, quiet


def stat(parent, *ticks):
    """As /proc/PID/stat behind the name: state, parent, …, and four times at 11 to 14."""
    return ["S", str(parent), *["0"] * 9, *map(str, ticks)]


STATS = {1: stat(0, 9, 9, 9, 9), 2: stat(0, 0, 0, 0, 0), 10: stat(1, 1, 2, 3, 4), 11: stat(10, 5, 0, 0, 0),
         12: stat(11, 0, 7, 0, 0), 20: stat(1, 50, 50, 0, 0), 30: stat(2, 100, 1, 0, 0)}


class Quiet(unittest.TestCase):
    def test_descendants(self):
        self.assertEqual(sorted(procfs.descendants(10, STATS)), [10, 11, 12])
        self.assertEqual(procfs.descendants(99, STATS), [])

    def test_ours_are_those_below_us_the_ended_ones_and_network_interrupts(self):
        self.assertEqual(quiet.own_ticks(STATS, 10, []), 10 + 5 + 7)
        self.assertEqual(quiet.own_ticks(STATS, 10, [30]), 22 + 101)

    def test_busy_is_all_but_idle_and_waiting(self):
        self.assertEqual(quiet.busy_ticks("cpu  1 2 4 1000 2000 8 16 32 0 0"), 63)

    def test_foreign_cores(self):
        before, after = quiet.Sample(10, 100, 50), quiet.Sample(12, 103, 52)
        self.assertEqual(quiet.foreign_cores(before, after), 0.5)
        self.assertEqual(quiet.foreign_cores(before, quiet.Sample(12, 101, 52)), 0)


if __name__ == "__main__":
    unittest.main()
