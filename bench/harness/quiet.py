# SPDX-License-Identifier: Apache-2.0
"""How much CPU others took: what the machine was busy with, without what this benchmark started."""
import os
import time
from dataclasses import dataclass
from pathlib import Path

from . import procfs

QUIET_CORES = 0.2  # above: a round is marked
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Sample:
    when: float
    busy: float  # CPU seconds, stolen time of a virtual machine included
    own: float


def busy_ticks(first_line):
    """From the line `cpu` of /proc/stat: all but idle and iowait; guests are counted in user already."""
    user, nice, system, _idle, _iowait, irq, softirq, steal, *_ = map(int, first_line.split()[1:])
    return user + nice + system + irq + softirq + steal


def own_ticks(stats, root, kernel_names):
    """This process and all below it, with those that ended; and the kernel's threads for network interrupts."""
    ours = procfs.descendants(root, stats)
    total = sum(int(ticks) for pid in ours for ticks in stats[pid][11:15])
    return total + sum(int(ticks) for pid in kernel_names for ticks in stats.get(pid, [0] * 13)[11:13])


def _softirq_threads(stats):
    return [pid for pid, fields in stats.items() if fields[1] == "2" and
            procfs._read(f"/proc/{pid}/comm").startswith("ksoftirqd")]


def sample():
    stats = procfs.all_stats()
    busy = busy_ticks(Path("/proc/stat").read_text().split("\n", 1)[0])
    own = own_ticks(stats, os.getpid(), _softirq_threads(stats))
    return Sample(time.monotonic(), busy * procfs.TICK, own * procfs.TICK)


def foreign_cores(before, after):
    foreign = (after.busy - before.busy) - (after.own - before.own)
    return max(0.0, foreign / max(after.when - before.when, 1e-9))


class Patience:
    """Waits for a quiet machine: up to `each` seconds before a round, `in_all` seconds altogether."""

    def __init__(self, each, in_all):
        self._each, self._left = each, in_all

    def wait(self):
        until = time.monotonic() + min(self._each, self._left)
        begun, before = time.monotonic(), sample()
        while True:
            time.sleep(LOOK_SECONDS)
            after = sample()
            if foreign_cores(before, after) < QUIET_CORES or after.when > until:
                break
            before = after
        self._left = max(0.0, self._left - (time.monotonic() - begun - LOOK_SECONDS))
