# SPDX-License-Identifier: Apache-2.0
"""Starts programs in process groups of their own, and leaves none of them behind."""
import ctypes
import os
import signal
import socket
import subprocess
import time

from . import procfs
from .errors import Wrong

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
GRACE_SECONDS, START_SECONDS = 1, 60

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans():
    """What leaves its parent becomes our child, so that it can be found and ended."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def free_port():
    """One that the kernel chooses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Stage:
    """The processes of one scenario; they end with it."""

    def __init__(self, folder):
        self.folder, self._started = folder, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._end()

    def spawn(self, name, argv, **pipes):
        """Its output goes to NAME.log in the scenario's folder, unless `stdout=PIPE`."""
        log = open(self.log(name), "wb")
        process = subprocess.Popen(
            list(map(str, argv)), start_new_session=True, preexec_fn=_die_with_parent, cwd=self.folder,
            **{"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log} | pipes)
        log.close()
        self._started.append(process)
        return process

    def log(self, name):
        return self.folder / f"{name}.log"

    def wait_for_port(self, name, process, port):
        """Until something answers there."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if process.poll() is not None:
                raise Wrong(f"it ended at once: {self.last_words(name)}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.005)
        raise Wrong(f"it doesn't listen after {START_SECONDS} s: {self.last_words(name)}")

    def last_words(self, name):
        lines = self.log(name).read_text(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it says nothing"

    def _end(self):
        below = [pid for p in self._started for pid in procfs.descendants(p.pid, procfs.all_stats())]
        for process in self._started:
            _signal_group(process.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        for process in self._started:
            _wait(process, until)
        for process in self._started:
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()
        end_all(below)


def _wait(process, until):
    try:
        process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        pass


def _signal_group(group, number):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass


def end_all(pids):
    """Those of `pids` that are still ours: children of children that left their groups."""
    ours = set(procfs.descendants(os.getpid(), procfs.all_stats())) - {os.getpid()}
    for pid in ours.intersection(pids):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        _reap(pid)


def _reap(pid):
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        pass


def end_everything():
    """At the very end, whatever happened."""
    end_all(procfs.descendants(os.getpid(), procfs.all_stats()))
