# SPDX-License-Identifier: Apache-2.0
"""Runs bench-load, our own client, for what wrk can't do. Its figures are named here as everywhere."""
import json
import subprocess

from .errors import Unable, Wrong

SLACK_SECONDS = 120
SHOWN = 200  # characters of the payload that each answer must hold; bench-load checks them


def run(program, kind, options, command=(), seconds=0):
    """`options`: {name: value}; a list repeats the option."""
    argv = [str(program), kind]
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            argv += [f"--{name}", str(one)]
    if command:
        argv += ["--", *map(str, command)]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds + SLACK_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Wrong(f"bench-load {kind} didn't end after {error.timeout:.0f} s") from error
    return parse(kind, done.returncode, done.stdout, done.stderr)


def parse(kind, code, output, errors):
    if code == 2:
        raise Unable(f"bench-load {kind}: {errors.strip()[-300:]}")
    if code != 0:
        last = errors.strip().splitlines()[-1:] or [output.strip()[-300:]]
        raise Wrong(f"bench-load {kind}: {last[0]}")
    try:
        return json.loads(output)
    except ValueError as error:
        raise Unable(f"bench-load {kind} prints no JSON: {output[:200]!r}") from error


def expected(workload):
    return workload.text[:SHOWN]


LATENCIES = {"p50": "p50_us", "p90": "p90_us", "p99": "p99_us", "p99.9": "p999_us", "max": "max_us"}


def latencies(raw):
    return {ours: raw["latency_us"][theirs] for theirs, ours in LATENCIES.items()}
