# SPDX-License-Identifier: Apache-2.0
"""Verdicts, the report's text, and the exit code."""
import unittest

from harness import plots, report, targets
from harness.harness_fixture import arm, results, scenario

FAST, SLOW = {"requests_per_second": 60_000, "p99_us": 100}, {"requests_per_second": 50_000, "p99_us": 90}


def verdicts(*scenarios):
    judged = targets.judge_all({s["name"]: s for s in scenarios})
    return {v.target.text: v for v in judged if v.verdict != "not measured"}


class Targets(unittest.TestCase):
    def test_the_median_of_ratios_decides(self):
        row = scenario("http-200B-c64", {"shadowcat/1": arm(FAST, SLOW, FAST), "nginx/1": arm(SLOW, SLOW, SLOW)})
        found = verdicts(row)["HTTP→HTTP, 200 B, concurrency 64, 1 worker: requests/s to nginx's"]
        self.assertEqual(found.verdict, "met")
        self.assertEqual((found.measured.median, found.measured.low), (1.2, 1.0))

    def test_missed(self):
        row = scenario("http-200B-c64", {"shadowcat/1": arm(SLOW), "nginx/1": arm(FAST)})
        self.assertEqual({v.verdict for v in verdicts(row).values()}, {"missed", "met"})

    def test_own_figures_need_no_peer(self):
        row = scenario("http-start", {"shadowcat/1": arm({"first_answer_ms": 30})}, kind="first")
        self.assertEqual([v.verdict for v in verdicts(row).values()], ["met"])

    def test_what_a_refused_arm_lacks_is_not_measured(self):
        refused = arm(status="refused", reason="status 503")
        self.assertEqual(verdicts(scenario("http-200B-c64", {"shadowcat/1": refused, "nginx/1": arm(FAST)})), {})

    def test_every_target_names_a_scenario_and_arms_that_exist(self):
        from harness.scenarios import SCENARIOS
        known = {s.name: s.arms for s in SCENARIOS}
        for target in targets.TARGETS:
            self.assertIn(target.arm, known[target.scenario])
            self.assertIn(target.peer, [None, *known[target.scenario]])


class Report(unittest.TestCase):
    def setUp(self):
        self.row = scenario("http-200B-c64", {
            "shadowcat/1": arm(FAST, FAST, marked=[1]), "nginx/1": arm(SLOW, SLOW),
            "haproxy/1": arm(status="left out", reason="haproxy is not installed"),
            "direct": arm(status="refused", reason="status 503")})

    def test_arms_without_figures_are_named_with_reasons(self):
        text = report.render(results(self.row))
        self.assertIn("- http-200B-c64: **haproxy/1** is left out: haproxy is not installed", text)
        self.assertIn("- http-200B-c64: **direct** is refused: status 503", text)
        self.assertNotIn("| direct |", text)

    def test_figures_ratios_and_disturbed_rounds(self):
        text = report.render(results(self.row))
        self.assertIn("| shadowcat/1 | 60,000 |", text)
        self.assertIn("| 1.20 (1.20–1.20) |", text)
        self.assertIn("1 of 2 |", text)
        self.assertIn("**1 rounds were disturbed:**", text)

    def test_refused_arms_fail_the_run_and_missing_ones_do_not(self):
        self.assertEqual(report.exit_code([self.row]), 1)
        del self.row["arms"]["direct"]
        self.assertEqual(report.exit_code([self.row]), 0)

    def test_nothing_measured_is_still_a_report(self):
        text = report.render(results(scenario("http-idle", {"nginx/1": arm(status="left out")}, kind="idle")))
        self.assertIn("### http-idle", text)


class Plots(unittest.TestCase):
    def test_bars_have_a_line_for_each_scenario_and_gaps_for_missing_arms(self):
        rows = [scenario("a", {"x": arm(FAST), "y": arm(SLOW)}), scenario("b", {"y": arm(SLOW)})]
        names, lines = plots.bar_data(rows, "requests_per_second")
        self.assertEqual(names, ["x", "y"])
        self.assertEqual(lines, ['"a" 60000.000 50000.000', '"b" - 50000.000'])

    def test_a_distribution_adds_the_rounds_up(self):
        one = arm({"histogram": [[10, 1], [20, 2]]}, {"histogram": [[20, 1]]})
        self.assertEqual(plots.distribution(one["rounds"]), [(10, 0.25), (20, 1.0)])

    def test_nothing_to_draw(self):
        self.assertEqual(plots.scripts([scenario("a", {})]), {})


if __name__ == "__main__":
    unittest.main()
