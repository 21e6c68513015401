# SPDX-License-Identifier: Apache-2.0
"""One measurement of one arm in one round, for each kind of scenario; returns figures by name."""
from dataclasses import dataclass

from . import bench_load, jsonrpc, peers, procfs, wrk
from .errors import Wrong
from .processes import free_port
from .tape_figures import tape_figures
from .workload import MIB, PROGRESS_STEPS

FIRST_TIMEOUT_MS = 20_000
IDLE_SESSIONS = IDLE_STREAMS = 1000
BURST_ROUNDS = 2
LARGE_SECONDS = 2
ANSWER_TIMEOUT = 60  # seconds; slow peers answer late, which is no error


@dataclass
class Subject:
    """A checked arm, and where the runs against it are counted."""

    arm: object
    running: object
    prepared: object
    runs: int = 0


@dataclass(frozen=True)
class Context:
    site: object
    scenario: object
    settings: object
    rate: float = 0.0  # open: requests a second, the same for all arms

    @property
    def program(self):
        return self.site.programs.own("bench-load")

    @property
    def workload(self):
        return self.scenario.workload

    @property
    def seconds(self):
        """Large payloads want time for more than a few answers."""
        return max(self.settings.seconds, LARGE_SECONDS if self.workload.payload >= MIB else 1)

    def file(self, name, text):
        path = self.site.stage.folder / name
        path.write_text(text)
        return path


def closed(subject, context, seconds=None):
    seconds = seconds or context.seconds
    subject.runs += 1
    if subject.running.argv:
        return _pipe(subject, context, seconds)
    return wrk.run(subject.running.url, subject.prepared, context.workload, seconds, subject.runs,
                   context.site.stage.folder)


def _request(context):
    """bench-load puts an id of its own in the place of each request's 1."""
    text = jsonrpc.filled(jsonrpc.call_template(context.workload, PROGRESS_STEPS), 1)
    return {"request": context.file("request.json", text), "expect": bench_load.expected(context.workload)} | (
        {"session": "none"} if context.workload.era == "modern" else {})


def _http(url, context):
    """A session brings its own headers; a stateless request names everything."""
    modern = context.workload.era == "modern"
    headers = [f"{name}: {value}" for name, value in jsonrpc.protocol_headers(context.workload).items()]
    return {"url": url, "timeout": ANSWER_TIMEOUT} | ({"header": headers} if modern else {})


def _pipe(subject, context, seconds):
    options = {"concurrency": context.workload.concurrency, "seconds": seconds, "timeout": ANSWER_TIMEOUT}
    raw = bench_load.run(context.program, "pipe", options | _request(context), subject.running.argv, seconds)
    return bench_load.latencies(raw) | {
        "requests": raw["answered"], "errors": 0, "requests_per_second": raw["requests_per_second"]}


def opened(subject, context):
    """What was due and never sent has no answer, but counts in the latencies with the time it waited."""
    options = {"rate": f"{context.rate:.1f}", "seconds": context.seconds, "connections": context.workload.concurrency}
    raw = bench_load.run(context.program, "open", options | _http(subject.running.url, context) | _request(context),
                         seconds=context.seconds)
    return bench_load.latencies(raw) | {
        "requests": raw["answered"], "errors": 0, "rate": context.rate, "unsent": raw["unsent"],
        "requests_per_second": raw["rate_reached"], "histogram": raw["histogram_us"]}


def churn(subject, context):
    options = {"connections": context.workload.concurrency, "seconds": context.seconds}
    raw = bench_load.run(context.program, "churn", options | _http(subject.running.url, context),
                         seconds=context.seconds)
    return bench_load.latencies(raw) | {
        "requests": raw["answered"], "errors": 0, "sessions_per_second": raw["cycles_per_second"],
        "deletes_refused": raw["deletes_refused"]}


def idle(subject, context):
    """Of the proxy's own process; what its MCP servers take is told apart."""
    options = {"pid": subject.running.pid, "sessions": IDLE_SESSIONS, "streams": IDLE_STREAMS}
    raw = bench_load.run(context.program, "idle", options | _http(subject.running.url, context))
    kept = {name: raw[name] for name in ("streams_confirmed", "streams_unconfirmed", "streams_refused", "streams_lost")}
    if raw["streams_lost"]:
        raise Wrong(f"{raw['streams_lost']} of {IDLE_STREAMS} idle streams were lost")
    refused = raw["streams_refused"] > 0
    return kept | {"errors": 0, "session_kib": raw["session"]["bytes_each"] / 1024,
                   "stream_kib": None if refused else raw["stream"]["bytes_each"] / 1024,
                   "servers_kib": raw["session"]["descendants_bytes_each"] / 1024}


def burst(subject, context):
    options = {"pid": subject.running.pid, "connections": context.workload.concurrency, "rounds": BURST_ROUNDS}
    raw = bench_load.run(context.program, "burst", options | _http(subject.running.url, context) | _request(context))
    return {"burst_peak_mb": raw["rss_peak_bytes"] / 1e6, "burst_after_mb": raw["rss_after_bytes"] / 1e6, "errors": 0,
            "burst_seconds": raw["seconds"] / BURST_ROUNDS}


def first(arm, context):
    """Starts the arm anew; no arm runs beforehand. The first answer: to a call, in a session of its own."""
    port = free_port()
    options = _http(peers.url_of(arm, port), context) | _request(context) | {"timeout-ms": FIRST_TIMEOUT_MS}
    del options["timeout"]
    command = peers.command_of(arm, context.site, port)
    raw = bench_load.run(context.program, "first", options, command, FIRST_TIMEOUT_MS / 1000)
    return {"first_answer_ms": raw["ms"], "errors": 0}


def with_accounting(measure, subject, context):
    """Adds what the proxy itself used meanwhile."""
    process = subject.running.process
    if not process:
        return measure(subject, context)
    server = "bench-stdio-server"
    before = {pid: procfs.cpu_seconds(pid) for pid in procfs.proxy_processes(process.pid, server)}
    figures = measure(subject, context)
    if process.poll() is not None:
        raise Wrong("the proxy ended under load")
    pids = procfs.proxy_processes(process.pid, server)
    used = sum(procfs.cpu_seconds(pid) - before.get(pid, 0.0) for pid in pids)
    if figures.get("requests"):
        figures["cpu_ms_per_1000"] = used * 1e6 / figures["requests"]
    if subject.arm.extra == "recording":
        figures |= tape_figures(subject.running.url)
    return figures | {"peak_mb": sum(procfs.status_mb(pid, "VmHWM") for pid in pids)}


MEASURES = {"closed": closed, "open": opened, "churn": churn, "idle": idle, "burst": burst}
FRESH_EACH_ROUND = {"idle", "burst"}  # kinds that want proxies without a past
