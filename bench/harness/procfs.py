# SPDX-License-Identifier: Apache-2.0
"""What the kernel counts for processes: their tree, their CPU time, their memory."""
import os
from collections import defaultdict
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


def _read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def stat_fields(pid):
    """What stands behind the name, `state` first; empty for a process that is gone."""
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def all_stats():
    stats = {int(name): stat_fields(name) for name in os.listdir("/proc") if name.isdigit()}
    return {pid: fields for pid, fields in stats.items() if fields}


def descendants(root, stats):
    """`root` and all below it."""
    children = defaultdict(list)
    for pid, fields in stats.items():
        children[int(fields[1])].append(pid)
    found, open_ends = [], [root]
    while open_ends:
        found.append(pid := open_ends.pop())
        open_ends += children[pid]
    return [pid for pid in found if pid in stats]


def command_line(pid):
    return _read(f"/proc/{pid}/cmdline").replace("\0", " ")


def proxy_processes(pid, server):
    """A proxy and its own workers, without the MCP servers that it started (or a shell that runs one)."""
    return [p for p in descendants(pid, all_stats()) if p == pid or server not in command_line(p)]


def cpu_seconds(pid):
    """Of all living threads, to the nanosecond where the kernel tells it, else in ticks."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return 0.0
    told = [_read(f"/proc/{pid}/task/{thread}/schedstat").split() for thread in threads]
    if told and all(told):
        return sum(int(fields[0]) for fields in told) / 1e9
    fields = stat_fields(pid)
    return (int(fields[11]) + int(fields[12])) * TICK if fields else 0.0


def status_mb(pid, key):
    """`VmHWM` (peak resident), `VmRSS` (resident)."""
    for line in _read(f"/proc/{pid}/status").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
