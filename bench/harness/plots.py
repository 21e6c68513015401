# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG, by gnuplot: bars for each arm, and distributions of the open loop's latencies."""
import re
import subprocess
from collections import Counter

from . import stats
from .errors import Missing
from .programs import say, system

HEAD = """set terminal svg size {width},520 font "sans-serif,12" background "white"
set output "{output}"
set title "{title}"
set grid ytics
set key outside right top
"""
BARS = """set style data histograms
set style histogram clustered gap 1
set style fill solid 0.85 border rgb "white"
set boxwidth 1
set logscale y
set ylabel "{label}"
set xtics rotate by -25
set datafile missing "-"
plot {columns}
"""
CURVES = """set logscale x
set xlabel "microseconds"
set ylabel "part of all calls answered within"
set yrange [0:1.01]
plot {columns}
"""
FIGURES = {"requests_per_second": "requests a second", "p99_us": "p99, microseconds",
           "cpu_ms_per_1000": "proxy CPU, ms for 1,000 requests"}


COLOURS = {
    "pipe": "#9a9a9a", "direct": "#9a9a9a", "direct HTTP": "#c4c4c4", "nginx/1": "#2e8b57", "nginx/n": "#8fd3ae",
    "nginx/1 TLS": "#1c5a38", "haproxy/1": "#3572b0", "haproxy/n": "#9cc3ea", "haproxy/1 TLS": "#1d4571",
    "mcp-proxy": "#8e5bb5", "supergateway": "#d184c6", "shadowcat/1": "#d9480f", "shadowcat/n": "#ffa94d",
    "shadowcat/1 TLS": "#8b2c06", "shadowcat/1 shared": "#f08c00", "shadowcat/1 recording": "#c92a2a",
    "shadowcat/1 interceptors": "#e8b500", "shadowcat/1 logging": "#7a5c00"}


def colour(name):
    """An arm has the same in every plot."""
    return f'lc rgb "{COLOURS.get(name, "#000000")}"'


def median_of(arm, figure):
    spread = stats.spread(stats.figures_by_round(arm["rounds"], figure).values())
    return spread.median if spread else None


def bar_data(scenarios, figure):
    """A line for each scenario, a column for each arm; '-' where there is no figure."""
    names = list(dict.fromkeys(name for s in scenarios for name, arm in s["arms"].items()
                               if median_of(arm, figure)))
    lines = []
    for scenario in scenarios:
        medians = [median_of(scenario["arms"].get(name, {"rounds": []}), figure) for name in names]
        if any(medians):
            lines.append(" ".join([f'"{scenario["name"]}"', *(f"{m:.3f}" if m else "-" for m in medians)]))
    return names, lines


def bars(scenarios, figure, title, output):
    """None where nothing was measured."""
    names, lines = bar_data(scenarios, figure)
    if not lines:
        return None
    columns = ", ".join(f'$data using {number}{":xtic(1)" if number == 2 else ""} title "{name}" {colour(name)}'
                        for number, name in enumerate(names, 2))
    return "\n".join(["$data << END", *lines, "END",
                      HEAD.format(width=460 + 130 * len(lines), output=output, title=title) +
                      BARS.format(label=FIGURES[figure], columns=columns)])


def distribution(rounds):
    """[(microseconds, part of all)] of all rounds together."""
    counts = Counter()
    for r in rounds:
        for bound, count in r["figures"].get("histogram") or []:
            counts[bound] += count
    total, seen, points = sum(counts.values()), 0, []
    for bound in sorted(counts):
        seen += counts[bound]
        points.append((bound, seen / total))
    return points


def curves(scenario, output):
    parts, columns = [], []
    for number, (name, arm) in enumerate(scenario["arms"].items()):
        if points := distribution(arm["rounds"]):
            parts += [f"$d{number} << END", *(f"{x} {y:.6f}" for x, y in points), "END"]
            columns.append(f'$d{number} using 1:2 with steps lw 2 title "{name}" {colour(name)}')
    title = f"{scenario['name']}: open loop, {scenario['title']}"
    return "\n".join([*parts, HEAD.format(width=900, output=output, title=title) +
                      CURVES.format(columns=", ".join(columns))]) if columns else None


def bar_groups(scenarios):
    """{(file's beginning, title): scenarios}; variants of the plain case have other arms, and a plot of their own."""
    closed = [s for s in scenarios if s["kind"] == "closed"]
    plain = [s for s in closed if re.search(r"-c\d+$", s["name"])]
    return {("stdio", "HTTP→stdio"): [s for s in plain if s["name"].startswith("stdio")],
            ("http", "HTTP→HTTP"): [s for s in plain if s["name"].startswith("http")],
            ("variants", "Variants"): [s for s in closed if s not in plain]}


def scripts(scenarios):
    """{file name: gnuplot's script}"""
    found = {}
    for (start, title), group in bar_groups(scenarios).items():
        for figure, text in FIGURES.items():
            name = f"{start}-{figure.replace('_', '-')}.svg"
            found[name] = bars(group, figure, f"{title}: {text}", name)
    for scenario in scenarios:
        if scenario["kind"] == "open":
            found[f"{scenario['name']}.svg"] = curves(scenario, f"{scenario['name']}.svg")
    return {name: script for name, script in found.items() if script}


def draw(scenarios, folder):
    """The names of the files that were drawn."""
    try:
        gnuplot = system("gnuplot")
    except Missing as error:
        say(f"{error}: no plots")
        return []
    drawn = []
    for name, script in scripts(scenarios).items():
        done = subprocess.run([gnuplot], input=script, text=True, capture_output=True, cwd=folder)
        if done.returncode == 0:
            drawn.append(name)
        else:
            say(f"gnuplot can't draw {name}: {done.stderr.strip()[:300]}")
    return drawn
