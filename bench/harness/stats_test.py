# SPDX-License-Identifier: Apache-2.0
"""Medians, ratios within a round, rotation."""
import unittest

from harness import stats
from harness.harness_fixture import rounds
from harness.rotation import rotated


class Stats(unittest.TestCase):
    def test_spread_has_the_median_and_the_range(self):
        self.assertEqual(stats.spread([3, 1, 2]), stats.Spread(2, 1, 3))
        self.assertEqual(stats.spread([4, 1, 2, 3]).median, 2.5)

    def test_spread_of_nothing_is_nothing(self):
        self.assertIsNone(stats.spread([]))
        self.assertIsNone(stats.spread([None]))

    def test_ratios_are_of_one_round_each(self):
        ours, theirs = rounds({"x": 10}, {"x": 30}), rounds({"x": 5}, {"x": 10})
        self.assertEqual(stats.ratios(ours, theirs, "x"), [2, 3])

    def test_ratios_leave_out_rounds_that_one_lacks(self):
        self.assertEqual(stats.ratios(rounds({"x": 10}, {"x": 30}), rounds({}, {"x": 10}), "x"), [3])
        self.assertEqual(stats.ratios(rounds({"x": 10}), rounds({"x": 0}), "x"), [])

    def test_a_round_is_known_by_its_number(self):
        theirs = rounds({"x": 5}, {"x": 10})[::-1]
        self.assertEqual(stats.ratios(rounds({"x": 10}, {"x": 30}), theirs, "x"), [2, 3])


class Rotation(unittest.TestCase):
    def test_each_round_begins_one_further_on(self):
        self.assertEqual(rotated(["a", "b", "c"], 0), ["a", "b", "c"])
        self.assertEqual(rotated(["a", "b", "c"], 1), ["b", "c", "a"])
        self.assertEqual(rotated(["a", "b", "c"], 5), ["c", "a", "b"])

    def test_no_arms_are_no_problem(self):
        self.assertEqual(rotated([], 3), [])


if __name__ == "__main__":
    unittest.main()
