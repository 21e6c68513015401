# SPDX-License-Identifier: Apache-2.0
"""The command line, and which scenarios it chooses."""
import contextlib
import io
import unittest

from harness import cli
from harness.arm import ARMS
from harness.scenarios import SCENARIOS


class Cli(unittest.TestCase):
    def complaint(self, *arguments):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as ended:
            cli.parse(arguments)
        self.assertEqual(ended.exception.code, 2)
        return said.getvalue()

    def test_mistakes_are_one_line(self):
        for arguments in (["--rounds", "0"], ["--rounds", "x"], ["--bogus"], ["--quick", "--full"], ["--only", "nothing"]):
            self.assertEqual(self.complaint(*arguments).count("\n"), 1)
        self.assertIn("no scenario has 'nothing' in its name", self.complaint("--only", "nothing"))

    def test_each_depth_has_all_of_the_one_before(self):
        quick, usual, full = ({s.name for s in cli.parse(a)[1]} for a in (["--quick"], [], ["--full"]))
        self.assertLess(quick, usual)
        self.assertLess(usual, full)
        self.assertEqual(len(full), len(SCENARIOS))

    def test_patterns_choose_from_everything(self):
        self.assertEqual([s.name for s in cli.parse(["--quick", "--only", "http-10KiB-c256"])[1]], ["http-10KiB-c256"])

    def test_rounds_and_seconds(self):
        settings = cli.settings_of(cli.parse(["--quick", "--rounds", "4"])[0])
        self.assertEqual((settings.rounds, settings.seconds), (4, 1))


class Scenarios(unittest.TestCase):
    def test_names_are_unique_and_arms_exist(self):
        self.assertEqual(len({s.name for s in SCENARIOS}), len(SCENARIOS))
        for scenario in SCENARIOS:
            self.assertLessEqual({*scenario.arms, scenario.baseline}, {*ARMS})
            self.assertIn(scenario.baseline, scenario.arms)


if __name__ == "__main__":
    unittest.main()
