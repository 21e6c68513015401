# SPDX-License-Identifier: Apache-2.0
"""A whole run: build, measure, write results.json, report.md and plots."""
import dataclasses
import json
import resource
import signal
import time
from datetime import datetime
from pathlib import Path

from . import cli, machine, plots, processes, programs, report
from .errors import Unable
from .programs import ROOT, Programs, say
from .quiet import Patience
from .runner import ScenarioRun

INTERRUPTED = 130


@dataclasses.dataclass
class Bench:
    """What the scenarios of a run share."""

    programs: Programs
    settings: object
    patience: Patience
    work_dir: str = None  # None: where temporary files go
    capacities: dict = dataclasses.field(default_factory=dict)  # (arm, workload): requests a second


def _prepare(options):
    build_dir = Path(options.build_dir).resolve() if options.build_dir else ROOT / "build/release"
    found = Programs(build_dir, ROOT / "build/bench-peers")
    if not options.no_install:
        programs.install_peers(found.peers_dir)
    if not options.no_build:
        programs.build(build_dir)
    for name in ("shadowcat", "bench-stdio-server", "bench-http-server", "bench-load"):
        found.own(name)
    programs.system("wrk")
    return found


def _allow_many_descriptors():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _interrupt(*_):
    """Once: what is measured is then written without being interrupted again (timeout signals twice)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def as_json(results):
    """A line for each scenario."""
    head = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in results.items() if key != "scenarios"]
    rows = ",\n".join(map(json.dumps, results["scenarios"]))
    return "{\n" + ",\n".join([*head, f'"scenarios": [\n{rows}\n]']) + "\n}\n"


def write(results, folder):
    """results.json first: whatever happens to the rest, the figures are there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(as_json(results))
    drawn = plots.draw(results["scenarios"], folder)
    text = report.render(results, drawn)
    (folder / "report.md").write_text(text)
    return text


def measure(options, settings, scenarios, arguments):
    bench = Bench(_prepare(options), settings, Patience(settings.patience, settings.patience_in_all))
    results = {"started": datetime.now().isoformat(" ", "seconds"), "arguments": arguments,
               "settings": dataclasses.asdict(settings), **machine.describe(bench.programs), "scenarios": []}
    begun, folder = time.monotonic(), cli.output_folder(options)
    try:
        for scenario in scenarios:
            results["scenarios"].append(ScenarioRun(scenario, bench).run())
    finally:  # what is measured isn't lost when somebody loses patience
        results["took_seconds"] = round(time.monotonic() - begun, 1)
        text = write(results, folder)
        say(f"{results['took_seconds']:.0f} s; results.json, report.md and plots are in {folder}")
    print(text)
    return report.exit_code(results["scenarios"])


def run(options, settings, scenarios, arguments):
    """The exit code."""
    processes.adopt_orphans()
    _allow_many_descriptors()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        return measure(options, settings, scenarios, arguments)
    except Unable as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        processes.end_everything()
