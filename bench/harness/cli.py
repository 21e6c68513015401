# SPDX-License-Identifier: Apache-2.0
"""The command line of bench/run."""
import argparse
import dataclasses
from datetime import datetime
from pathlib import Path

from . import settings as thoroughness
from .programs import ROOT
from .scenarios import FULL, QUICK, SCENARIOS, USUAL, chosen

DESCRIPTION = "Compares Shadowcat with its peers and with nothing in between: one machine, one run, rotated arms."
EXAMPLES = """examples:
  bench/run                              everything that has a target, and more; about three quarters of an hour
  bench/run --quick                      one look, under four minutes
  bench/run --full --rounds 7            every payload with every concurrency; hours
  bench/run --only stdio-200B --only http-start
  bench/run --list
  bench/run --quick --build-dir build/ci --no-build

exit codes: 0 everything was measured that could be; 1 an arm was refused (wrong answers, errors), or the run
failed; 2 the command line is wrong. What is missing on this machine is named and left out."""


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return value


class OneLine(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")


def parser():
    made = OneLine(prog="bench/run", description=DESCRIPTION, epilog=EXAMPLES, allow_abbrev=False,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    depth = made.add_mutually_exclusive_group()
    depth.add_argument("--quick", action="store_true", help="few scenarios, two rounds of a second")
    depth.add_argument("--full", action="store_true", help="the full product of payloads and concurrencies")
    made.add_argument("--rounds", type=positive, metavar="N", help="rounds of each scenario (5; quick: 2)")
    made.add_argument("--seconds", type=positive, metavar="N", help="load in each round (3; quick: 1)")
    made.add_argument("--only", action="append", default=[], metavar="PATTERN",
                      help="scenarios with this in their name; can be repeated")
    made.add_argument("--list", action="store_true", help="print the scenarios and their arms, and run nothing")
    made.add_argument("--build-dir", metavar="DIR", help="a configured build directory (build/release)")
    made.add_argument("--no-build", action="store_true", help="take the programs that are there")
    made.add_argument("--no-install", action="store_true", help="install nothing, neither from Debian nor from npm")
    made.add_argument("--output", metavar="DIR", help="where results go (build/bench/DATE)")
    return made


def tier_of(options):
    return QUICK if options.quick else FULL if options.full else USUAL


def settings_of(options):
    base = {QUICK: thoroughness.quick, USUAL: thoroughness.usual, FULL: thoroughness.full}[tier_of(options)]()
    given = {name: value for name in ("rounds", "seconds") if (value := getattr(options, name))}
    return dataclasses.replace(base, **given)


def listing(scenarios, tier):
    return "\n".join(f"{s.name:28} {s.kind:7} {', '.join(s.arms_of(tier))}" for s in scenarios)


def parse(arguments):
    """The options and the scenarios that they choose."""
    made = parser()
    options = made.parse_args(arguments)
    for pattern in options.only:
        if not any(pattern in s.name for s in SCENARIOS):
            made.error(f"no scenario has '{pattern}' in its name; see --list")
    return options, chosen(tier_of(options), options.only)


def output_folder(options):
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    return Path(options.output).resolve() if options.output else ROOT / "build/bench" / stamp


def main(arguments):
    options, scenarios = parse(arguments)
    if options.list:
        print(listing(scenarios, tier_of(options)))
        return 0
    from .bench import run  # only now: --list and --help need no /proc
    return run(options, settings_of(options), scenarios, arguments)


