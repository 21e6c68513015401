# SPDX-License-Identifier: Apache-2.0
"""The report in Markdown. Pure: results in, text out."""
from . import stats
from .columns import COLUMNS, RATIOS
from .targets import judge_all

INTRODUCTION = """Medians of rounds; ratios are of one round each, then their median and range. Only ratios travel to other machines.
CPU is the proxy's own (its workers included, MCP servers not). An arm with a wrong answer or an error has no figures.
`/1` is one worker, `/n` one for each core. What is measured how, and what it can't tell: bench/README.md."""


def number(value, decimals):
    """Small ones with digits that say something."""
    if value is None:
        return "–"
    if decimals == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.{decimals}f}"


def ratio_text(spread):
    if spread is None:
        return "–"
    digits = 3 if spread.median < 0.1 else 2 if spread.median < 10 else 1
    return f"{spread.median:.{digits}f} ({spread.low:.{digits}f}–{spread.high:.{digits}f})"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def arm_row(name, rounds, baseline_rounds, kind):
    cells = [name]
    for figure, _, decimals in COLUMNS[kind]:
        spread = stats.spread(stats.figures_by_round(rounds, figure).values())
        cells.append(number(spread.median if spread else None, decimals))
    for figure, _ in RATIOS[kind]:
        cells.append(ratio_text(stats.spread(stats.ratios(rounds, baseline_rounds, figure))))
    marked = sum(r["marked"] for r in rounds)
    return cells + [f"{marked} of {len(rounds)}"]


def scenario_part(scenario):
    kind, baseline = scenario["kind"], scenario["baseline"]
    measured = {name: arm["rounds"] for name, arm in scenario["arms"].items() if arm["rounds"]}
    lines = ["", f"### {scenario['name']}", "", f"{scenario['title']} ({kind})", ""]
    if measured:
        heads = ["arm", *(title for _, title, _ in COLUMNS[kind]),
                 *(f"{title} : {baseline}" for _, title in RATIOS[kind]), "disturbed"]
        lines += table(heads, [arm_row(name, rounds, measured.get(baseline, []), kind)
                               for name, rounds in measured.items()])
    return lines + [""] * bool(measured) + unmeasured_lines([scenario], with_scenario=False)


def unmeasured(scenarios, status=None):
    """(scenario, arm, status, reason) of arms without figures."""
    return [(s["name"], name, arm["status"], arm["reason"]) for s in scenarios
            for name, arm in s["arms"].items() if arm["status"] != "measured" and status in (None, arm["status"])]


def unmeasured_lines(scenarios, with_scenario=True):
    return [f"- {f'{scenario}: ' if with_scenario else ''}**{arm}** is {status}: {reason}"
            for scenario, arm, status, reason in unmeasured(scenarios)]


def verdict_row(verdict):
    measured = ratio_text(verdict.measured)
    shown = f"**{verdict.verdict}**" if verdict.verdict == "missed" else verdict.verdict
    return [verdict.target.text, verdict.target.bound, measured, shown]


def targets_part(verdicts):
    judged = [v for v in verdicts if v.verdict != "not measured"]
    missed = sum(v.verdict == "missed" for v in judged)
    lines = ["", "## Targets", "",
             f"{len(judged) - missed} met, {missed} missed, {len(verdicts) - len(judged)} not measured in this run. "
             "Instructions for each call are a test of their own (`ctest -R budget`).", ""]
    lines += table(["target", "bound", "median (range)", ""], map(verdict_row, judged)) if judged else []
    unknown = [v.target.text for v in verdicts if v.verdict == "not measured"]
    return lines + (["", "Not measured: " + "; ".join(unknown) + "."] if unknown else [])


def head_part(results):
    machine, versions = results["machine"], results["versions"]
    lines = [f"# Benchmark of {results['started']}", "", *INTRODUCTION.splitlines(), "",
             f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB; {machine['system']}, "
             f"Linux {machine['kernel']}; commit {results['commit']}; {results['settings']['rounds']} rounds of "
             f"{results['settings']['seconds']} s; `bench/run {' '.join(results['arguments'])}`".rstrip(), ""]
    return lines + [", ".join(f"{name}: {text}" for name, text in versions.items())]


def render(results, plots=()):
    scenarios = results["scenarios"]
    disturbed = [r for s in scenarios for arm in s["arms"].values() for r in arm["rounds"] if r["marked"]]
    lines = head_part(results)
    if disturbed:
        lines += ["", f"**{len(disturbed)} rounds were disturbed:** other programs took more than a fifth of a core."]
    lines += targets_part(judge_all({s["name"]: s for s in scenarios}))
    if unmeasured(scenarios):
        lines += ["", "## Without figures", "", *unmeasured_lines(scenarios)]
    lines += ["", "## Figures"]
    for plot in plots:
        lines += ["", f"![{plot}]({plot})"]
    for scenario in scenarios:
        lines += scenario_part(scenario)
    return "\n".join(lines).rstrip() + "\n"


def exit_code(scenarios):
    """1 where an arm was refused; one that is left out is no failure."""
    return 1 if unmeasured(scenarios, "refused") else 0
