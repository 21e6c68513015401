# SPDX-License-Identifier: Apache-2.0
"""Everything that is measured: scenarios, each with its arms. Data only."""
from dataclasses import dataclass

from .workload import KIB, MIB, Workload, size_text

QUICK, USUAL, FULL = 0, 1, 2  # the least thorough run that has a scenario
PAYLOADS, CONCURRENCIES = (200, 10 * KIB, MIB), (1, 16, 64, 256)

STDIO = ("pipe", "shadowcat/1", "shadowcat/n", "mcp-proxy", "supergateway")
HTTP = ("direct", "nginx/1", "nginx/n", "haproxy/1", "haproxy/n", "shadowcat/1", "shadowcat/n")
ONE_WORKER = ("direct", "nginx/1", "haproxy/1", "shadowcat/1")
PROXIES = ("nginx/1", "haproxy/1", "shadowcat/1")
BRIDGES = ("shadowcat/1", "mcp-proxy", "supergateway")
BASELINE = {"stdio": "mcp-proxy", "http": "nginx/1"}


@dataclass(frozen=True)
class Scenario:
    name: str
    kind: str  # closed, open, churn, idle, burst, first
    workload: Workload
    arms: tuple
    baseline: str  # the arm that the others' ratios are of
    tier: int = USUAL
    load: float = 0.0  # open: this part of what the baseline manages in a closed loop
    quick_rounds: int = 1
    not_quick: tuple = ()  # arms that a quick run leaves out, beside those with a worker for each core

    def arms_of(self, tier):
        return [name for name in self.arms
                if tier > QUICK or not (name.endswith("/n") or name in self.not_quick)]


def _name(workload, *more):
    size = size_text(workload.payload).replace(" ", "")
    return "-".join([workload.transport, size, f"c{workload.concurrency}", *more])


def _closed(workload, tier, arms=None, more=(), baseline=None):
    arms = arms or (STDIO if workload.transport == "stdio" else HTTP)
    if workload.transport == "stdio" and workload.concurrency == 1 and arms is STDIO:
        arms = ("pipe", "direct HTTP", *STDIO[1:])
    return Scenario(_name(workload, *more), "closed", workload, arms, baseline or BASELINE[workload.transport], tier,
                    quick_rounds=1 if "sse" in more or "modern" in more or workload.concurrency == 256 else 2,
                    not_quick=() if workload.concurrency == 64 and workload.payload == 200 else ("haproxy/1",))


# (payload, concurrency): the least thorough run that has it; all others of the product are in a full run.
STDIO_TIERS = {(200, 1): QUICK, (200, 64): QUICK, (10 * KIB, 64): QUICK, (MIB, 16): QUICK,
               (200, 16): USUAL, (200, 256): USUAL, (10 * KIB, 1): USUAL, (MIB, 1): USUAL}
HTTP_TIERS = {(200, 16): QUICK, (200, 64): QUICK, (200, 256): QUICK, (10 * KIB, 64): QUICK,
              (MIB, 16): QUICK, (200, 1): USUAL, (10 * KIB, 16): USUAL, (MIB, 1): USUAL}


def product():
    for transport, tiers in (("stdio", STDIO_TIERS), ("http", HTTP_TIERS)):
        for payload in PAYLOADS:
            for concurrency in CONCURRENCIES:
                yield _closed(Workload(transport, payload, concurrency),
                              tiers.get((payload, concurrency), FULL))


def variants():
    """One thing different from the plain case."""
    yield _closed(Workload("stdio", 200, 16, answer="sse"), QUICK, ("pipe", *BRIDGES), ["sse"],
                  baseline="supergateway")
    yield _closed(Workload("http", 200, 16, answer="sse"), QUICK, ONE_WORKER, ["sse"])
    yield _closed(Workload("stdio", 200, 64, era="modern"), QUICK, ("pipe", *BRIDGES), ["modern"])
    yield _closed(Workload("http", 200, 64, era="modern"), QUICK, ONE_WORKER, ["modern"])
    yield _closed(Workload("http", 200, 64, sessions=64), USUAL, HTTP, ["sessions"])
    yield _closed(Workload("http", 200, 64), QUICK,
                  ("direct", "nginx/1 TLS", "haproxy/1 TLS", "shadowcat/1", "shadowcat/1 TLS"), ["tls"],
                  baseline="shadowcat/1")
    for transport, tier, direct in (("stdio", QUICK, "pipe"), ("http", USUAL, "direct")):
        yield _closed(Workload(transport, 200, 64), tier,
                      (direct, "shadowcat/1", "shadowcat/1 recording", "shadowcat/1 interceptors",
                       "shadowcat/1 logging"), ["features"], baseline="shadowcat/1")


def other_kinds():
    small = {t: Workload(t, 200, 64) for t in ("stdio", "http")}
    for transport, arms in (("stdio", ("direct HTTP", *BRIDGES)), ("http", ONE_WORKER)):
        for percent, tier in ((25, USUAL), (50, QUICK), (75, USUAL)):
            yield Scenario(f"{transport}-open-{percent}", "open", small[transport], arms,
                           BASELINE[transport], tier, percent / 100)
    sessions = Workload("stdio", 200, 16), Workload("http", 200, 16)
    yield Scenario("stdio-churn", "churn", sessions[0],
                   ("direct HTTP", "shadowcat/1", "shadowcat/1 shared", *BRIDGES[1:]),
                   "mcp-proxy", QUICK)
    yield Scenario("http-churn", "churn", sessions[1], ONE_WORKER, "nginx/1", QUICK)
    yield Scenario("stdio-idle", "idle", sessions[0], ("shadowcat/1 shared", *BRIDGES[1:]), "mcp-proxy", USUAL)
    yield Scenario("http-idle", "idle", sessions[1], PROXIES, "nginx/1", QUICK)
    large = {t: Workload(t, MIB, 256) for t in ("stdio", "http")}
    yield Scenario("stdio-burst", "burst", large["stdio"], ("shadowcat/1", "mcp-proxy"), "mcp-proxy", USUAL)
    yield Scenario("http-burst", "burst", large["http"], PROXIES, "nginx/1", QUICK)
    yield Scenario("stdio-start", "first", Workload("stdio", 200, 1), BRIDGES, "mcp-proxy", QUICK)
    yield Scenario("http-start", "first", Workload("http", 200, 1), PROXIES, "nginx/1", QUICK)


SCENARIOS = (*product(), *variants(), *other_kinds())


def chosen(tier, patterns):
    """Those of a run, in order. A pattern is a part of a scenario's name, and takes it from any tier."""
    if not patterns:
        return [s for s in SCENARIOS if s.tier <= tier]
    return [s for s in SCENARIOS if any(pattern in s.name for pattern in patterns)]
