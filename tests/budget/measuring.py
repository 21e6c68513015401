# SPDX-License-Identifier: Apache-2.0
# Measures one call of one path through the proxy: what it costs, and the profile that says where.
import shlex
import shutil
import time

from callgrind import Profile
from scene import Client, MeasuredProxy, Process, make_calls

WARM_UP = 200
CALLS = 200  # a batch
BATCHES = 5  # of which the middle one is taken
IDLE_SECONDS = 2


def start_upstream(kind, programs):
    """The value of --upstream, and the server if it is not the proxy's to start."""
    if kind == "stdio":
        return shlex.quote(str(programs / "bench-stdio-server")), None
    server = Process([str(programs / "bench-http-server")], r"(http://\S+)", "stdout")
    return server.found[1], server


class Measured:
    """What one call costs, according to one batch."""

    def __init__(self, profile, idle_instructions):
        self.profile = profile
        self.figures = {"instructions": round((profile.instructions - idle_instructions) / CALLS),
                        "allocations": round(profile.allocations / CALLS, 2)}


class Counter:
    """Profiles what a proxy does at a time, and takes off what its timers do meanwhile."""

    def __init__(self, proxy):
        self._proxy = proxy
        proxy.count()
        self._last = time.monotonic()
        self._idle_a_second = 0
        self._take()
        time.sleep(IDLE_SECONDS)
        profile, seconds = self._take()
        self._idle_a_second = profile.instructions / seconds

    def _take(self):
        profile = Profile(self._proxy.dump())
        before, self._last = self._last, time.monotonic()
        return profile, self._last - before

    def batch(self, clients):
        make_calls(clients, CALLS)
        profile, seconds = self._take()
        return Measured(profile, self._idle_a_second * seconds)


def measure(path, programs, directory):
    """The middle one of some batches."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    upstream, server = start_upstream(path["upstream"], programs)
    try:
        with MeasuredProxy(str(programs / "shadowcat"), upstream, str(directory)) as proxy:
            clients = [Client(proxy.port) for _ in range(path["in_flight"])]
            make_calls(clients, WARM_UP)
            counter = Counter(proxy)
            batches = [counter.batch(clients) for _ in range(BATCHES)]
    finally:
        if server:
            server.end()
    return sorted(batches, key=lambda each: each.figures["instructions"])[BATCHES // 2]
