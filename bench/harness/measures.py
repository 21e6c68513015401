# SPDX-License-Identifier: Apache-2.0
"""One measurement of one arm in one round, for each kind of scenario; returns figures by name."""
from dataclasses import dataclass

from . import bench_load, jsonrpc, peers, procfs, wrk
from .errors import Wrong
from .processes import free_port
from .tape_figures import tape_figures
from .workload import MIB

FIRST_TIMEOUT_MS = 20_000
IDLE_SESSIONS = IDLE_STREAMS = 1000
BURST_ROUNDS = 2
LARGE_SECONDS = 2


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


def _request(subject, context, first_id=1):
    """bench-load puts an id of its own in the place of this one."""
    text = jsonrpc.filled(subject.prepared.template, first_id)
    return {"request": context.file("request.json", text), "expect": bench_load.expected(context.workload)}


def _headers(subject):
    return [f"{name}: {value}" for name, value in subject.prepared.headers.items()]


def _session(context):
    return "none" if context.workload.era == "modern" else "auto"


def _pipe(subject, context, seconds):
    options = {"concurrency": context.workload.concurrency, "seconds": seconds, **_request(subject, context)}
    raw = bench_load.run(context.program, "pipe", options, subject.running.argv, seconds)
    return bench_load.latencies(raw) | {
        "requests": raw["answered"], "errors": 0, "requests_per_second": raw["answered"] / raw["seconds"]}


def opened(subject, context):
    seconds = context.seconds
    options = {"url": subject.running.url, "rate": f"{context.rate:.0f}", "seconds": seconds,
               "connections": context.workload.concurrency, "session": _session(context),
               "header": _headers(subject), **_request(subject, context)}
    raw = bench_load.run(context.program, "open", options, seconds=seconds)
    return bench_load.latencies(raw) | {
        "requests": raw["answered"], "errors": 0, "rate": context.rate,
        "requests_per_second": raw["answered"] / raw["seconds"], "histogram": raw["histogram"]}


def churn(subject, context):
    seconds = context.seconds
    options = {"url": subject.running.url, "connections": context.workload.concurrency, "seconds": seconds}
    raw = bench_load.run(context.program, "churn", options, seconds=seconds)
    return bench_load.latencies(raw) | {
        "requests": raw["answered"], "errors": 0, "sessions_per_second": raw["answered"] / raw["seconds"]}


def idle(subject, context):
    options = {"url": subject.running.url, "pid": subject.running.pid, "sessions": IDLE_SESSIONS,
               "streams": IDLE_STREAMS}
    raw = bench_load.run(context.program, "idle", options)
    return {"session_kib": raw["bytes_per_session"] / 1024, "stream_kib": raw["bytes_per_stream"] / 1024,
            "errors": 0}


def burst(subject, context):
    options = {"url": subject.running.url, "pid": subject.running.pid, "connections": context.workload.concurrency,
               "rounds": BURST_ROUNDS, **_request(subject, context)}
    raw = bench_load.run(context.program, "burst", options)
    return {"burst_peak_mb": raw["peak_rss"] / 1e6, "burst_after_mb": raw["settled_rss"] / 1e6, "errors": 0,
            "burst_ms": raw.get("ms")}


def first(arm, context):
    """Starts the arm anew; no arm runs beforehand."""
    port = free_port()
    options = {"url": peers.url_of(arm, port), "request": context.file("request.json", jsonrpc.INITIALIZE),
               "expect": "protocolVersion", "timeout-ms": FIRST_TIMEOUT_MS}
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
