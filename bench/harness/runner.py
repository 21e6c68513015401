# SPDX-License-Identifier: Apache-2.0
"""Runs a scenario: starts its arms, checks their answers, measures them in rotated order."""
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from . import measures, peers, quiet
from .arm import ARMS
from .check import check, check_pipe
from .errors import Missing, Wrong
from .limits import known
from .measures import Context, Subject
from .processes import Stage
from .programs import say
from .rotation import rotated

JIT = ("mcp-proxy", "supergateway")
FAILURES = (Wrong, OSError, ValueError, KeyError, subprocess.SubprocessError)


class ScenarioRun:
    """One scenario; `outcome` is its part of the results."""

    def __init__(self, scenario, bench):
        self.scenario, self.bench, self.settings = scenario, bench, bench.settings
        self.arms = [ARMS[name] for name in scenario.arms_of(self.settings.tier)]
        self.outcome = {"name": scenario.name, "title": str(scenario.workload), "kind": scenario.kind,
                        "baseline": scenario.baseline, "arms": {}}
        for arm in self.arms:
            self.outcome["arms"][arm.name] = {"status": "measured", "reason": "", "rounds": []}

    def run(self):
        say(f"{self.scenario.name}: {self.scenario.workload}")
        begun = time.monotonic()
        self._all_rounds(self.settings.rounds_of(self.scenario))
        self.outcome["took_seconds"] = round(time.monotonic() - begun, 1)
        return self.outcome

    def _all_rounds(self, rounds):
        if self.scenario.kind == "first":
            self._on_stage(lambda site: self._starts(site, range(rounds)))
        elif self.scenario.kind in measures.FRESH_EACH_ROUND:
            for number in range(rounds):
                self._on_stage(lambda site: self._rounds(site, [number]))
        else:
            self._on_stage(lambda site: self._rounds(site, range(rounds)))

    def _on_stage(self, body):
        folder = Path(tempfile.mkdtemp(prefix="shadowcat-bench-", dir=self.bench.work_dir))
        try:
            with Stage(folder) as stage:
                site = peers.Site(stage, self.bench.programs, self.scenario.workload)
                site.start_server()
                if any(arm.tls for arm in self.arms):
                    site.make_certificate()
                body(site)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _is_measured(self, arm):
        return self.outcome["arms"][arm.name]["status"] == "measured"

    def _attempt(self, arm, action):
        """None where the arm has no figures; it says so at once and in the report."""
        if not self._is_measured(arm):
            return None
        try:
            return action()
        except Missing as error:
            self._give_up(arm, "left out", str(error))
        except FAILURES as error:
            reason = str(error) if isinstance(error, Wrong) else f"{type(error).__name__}: {error}"
            limit = known(arm.peer, self.scenario.workload)
            self._give_up(arm, "left out" if limit else "refused", f"{limit} ({reason})" if limit else reason)
        return None

    def _give_up(self, arm, status, reason):
        self.outcome["arms"][arm.name] |= {"status": status, "reason": reason, "rounds": []}
        say(f"{self.scenario.name}: {arm.name} is {status}: {reason}")

    def _prepared(self, arm, site):
        running, workload = peers.start(arm, site), self.scenario.workload
        prepared = check_pipe(running.argv, workload) if running.argv else check(running.url, workload)
        return Subject(arm, running, prepared)

    def _subjects(self, site):
        found = [self._attempt(arm, lambda arm=arm: self._prepared(arm, site)) for arm in self.arms]
        return [subject for subject in found if subject]

    def _warm_up(self, subjects, context):
        if self.scenario.kind not in ("closed", "open"):
            return
        for subject in subjects:
            if self.settings.quick and subject.arm.peer not in JIT:
                continue
            self._attempt(subject.arm, lambda s=subject: measures.closed(s, context, self.settings.warm_up))

    def _rate(self, subjects, context):
        """A part of what the baseline manages in a closed loop; measured once for all open scenarios."""
        key = (self.scenario.baseline, self.scenario.workload)
        if key not in self.bench.capacities:
            base = next((s for s in subjects if s.arm.name == self.scenario.baseline), None) or subjects[0]
            found = self._attempt(base.arm, lambda: measures.closed(base, context, 1))
            self.bench.capacities[key] = found["requests_per_second"] if found else 0
        return self.bench.capacities[key] * self.scenario.load

    def _rounds(self, site, numbers):
        subjects = self._subjects(site)
        context = Context(site, self.scenario, self.settings)
        self._warm_up(subjects, context)
        if self.scenario.kind == "open" and subjects:
            context = Context(site, self.scenario, self.settings, max(1.0, self._rate(subjects, context)))
        measure = measures.MEASURES[self.scenario.kind]
        for number in numbers:
            for subject in rotated(subjects, number):
                self._round(subject.arm, number,
                            lambda s=subject: measures.with_accounting(measure, s, context))

    def _starts(self, site, numbers):
        context = Context(site, self.scenario, self.settings)
        for number in numbers:
            for arm in rotated(self.arms, number):
                self._round(arm, number, lambda arm=arm: measures.first(arm, context))

    def _round(self, arm, number, measure):
        if not self._is_measured(arm):
            return
        self.bench.patience.wait()
        before = quiet.sample()
        figures = self._attempt(arm, measure)
        foreign = quiet.foreign_cores(before, quiet.sample())
        if figures is not None:
            self.outcome["arms"][arm.name]["rounds"].append({
                "round": number, "foreign_cores": round(foreign, 3), "marked": foreign > quiet.QUIET_CORES,
                "figures": figures})
