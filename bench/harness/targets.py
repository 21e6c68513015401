# SPDX-License-Identifier: Apache-2.0
"""What Shadowcat must reach, as data, and whether it did."""
from dataclasses import dataclass
from typing import Optional

from . import stats


@dataclass(frozen=True)
class Target:
    """`figure` of `arm`, or its ratio to that of `peer` in the same round: the median of rounds counts."""

    text: str
    scenario: str
    figure: str
    arm: str
    peer: Optional[str]
    at_least: Optional[float] = None
    at_most: Optional[float] = None

    @property
    def bound(self):
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


@dataclass(frozen=True)
class Verdict:
    target: Target
    verdict: str  # met, missed, not measured
    measured: Optional[stats.Spread] = None


def judge(target, scenarios):
    """`scenarios`: results by name."""
    arms = scenarios.get(target.scenario, {}).get("arms", {})
    rounds = arms.get(target.arm, {}).get("rounds") or []
    if target.peer:
        peer = arms.get(target.peer, {}).get("rounds") or []
        measured = stats.spread(stats.ratios(rounds, peer, target.figure))
    else:
        measured = stats.spread(stats.figures_by_round(rounds, target.figure).values())
    if measured is None:
        return Verdict(target, "not measured")
    met = measured.median >= target.at_least if target.at_least is not None else measured.median <= target.at_most
    return Verdict(target, "met" if met else "missed", measured)


RPS, CPU, P50, P99 = "requests_per_second", "cpu_ms_per_1000", "p50_us", "p99_us"
OURS = "shadowcat/1"
NPM = ("mcp-proxy", "supergateway")


def _stdio():
    text = "HTTP→stdio, 200 B, concurrency 64"
    for peer in NPM:
        yield Target(f"{text}: requests/s to {peer}'s", "stdio-200B-c64", RPS, OURS, peer, at_least=30)
        yield Target(f"{text}: proxy CPU per request to {peer}'s", "stdio-200B-c64", CPU, OURS, peer, at_most=1 / 40)
    text = "HTTP→stdio, 200 B, concurrency 1: p50"
    for peer in NPM:
        yield Target(f"{text} to {peer}'s", "stdio-200B-c1", P50, OURS, peer, at_most=1 / 5)
    yield Target(f"{text} to a direct HTTP call's", "stdio-200B-c1", P50, OURS, "direct HTTP", at_most=1.5)
    yield Target("HTTP→stdio, 10 KiB, concurrency 64: requests/s to mcp-proxy's", "stdio-10KiB-c64", RPS, OURS,
                 "mcp-proxy", at_least=20)
    yield Target("HTTP→stdio, 1 MiB, concurrency 16: requests/s to mcp-proxy's", "stdio-1MiB-c16", RPS, OURS,
                 "mcp-proxy", at_least=12)


def _http():
    for concurrency in (16, 64):
        for workers in ("1", "n"):
            text = f"HTTP→HTTP, 200 B, concurrency {concurrency}, {workers} worker{'s' * (workers == 'n')}"
            row = f"http-200B-c{concurrency}"
            ours, nginx = f"shadowcat/{workers}", f"nginx/{workers}"
            yield Target(f"{text}: requests/s to nginx's", row, RPS, ours, nginx, at_least=1.0)
            yield Target(f"{text}: CPU per request to nginx's", row, CPU, ours, nginx, at_most=1.0)
            yield Target(f"{text}: p99 to nginx's", row, P99, ours, nginx, at_most=1.2)
    for size, concurrency in (("10KiB", 64), ("1MiB", 16)):
        for workers in ("1", "n"):
            text = f"HTTP→HTTP, {size.replace('KiB', ' KiB').replace('MiB', ' MiB')}, concurrency {concurrency}"
            yield Target(f"{text}, {workers} worker{'s' * (workers == 'n')}: requests/s to nginx's",
                         f"http-{size}-c{concurrency}", RPS, f"shadowcat/{workers}", f"nginx/{workers}", at_least=1.2)


def _own():
    for row in ("http-200B-c256", "stdio-200B-c256"):
        for arm in ("shadowcat/1", "shadowcat/n"):
            yield Target(f"peak resident memory at 256 connections, 200 B, {row[:row.index('-')]}, {arm}: MB", row,
                         "peak_mb", arm, None, at_most=16)
    for row in ("http-burst", "stdio-burst"):
        text = f"256 × 1 MiB at once, {row[:row.index('-')]}: resident MB"
        yield Target(f"{text} during it", row, "burst_peak_mb", OURS, None, at_most=400)
        yield Target(f"{text} after it", row, "burst_after_mb", OURS, None, at_most=40)
    for row, arm in (("http-idle", "shadowcat/1"), ("stdio-idle", "shadowcat/1 shared")):
        yield Target(f"an idle session, {row[:row.index('-')]}: KiB", row, "session_kib", arm, None, at_most=4)
        yield Target(f"an idle stream, {row[:row.index('-')]}: KiB", row, "stream_kib", arm, None, at_most=10)
    yield Target("start to first answer, without upstream start-up: ms", "http-start", "first_answer_ms", OURS, None,
                 at_most=100)
    yield Target("TLS: requests/s to plain", "http-200B-c64-tls", RPS, "shadowcat/1 TLS", OURS, at_least=0.7)
    for row in ("stdio-200B-c64-features", "http-200B-c64-features"):
        yield Target(f"recording, {row[:row.index('-')]}: requests/s to without", row, RPS, "shadowcat/1 recording",
                     OURS, at_least=0.8)


TARGETS = (*_stdio(), *_http(), *_own())


def judge_all(scenarios):
    return [judge(target, scenarios) for target in TARGETS]
