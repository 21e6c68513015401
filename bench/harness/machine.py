# SPDX-License-Identifier: Apache-2.0
"""On what, with what: the machine, the kernel, versions, the commit."""
import os
import platform
import re
import subprocess
from pathlib import Path

from .errors import Missing
from .programs import ROOT, system

VERSIONS = {"wrk": ["-v"], "nginx": ["-v"], "haproxy": ["-v"], "openssl": ["version"], "node": ["--version"],
            "gnuplot": ["--version"]}
FLAGS = ("CMAKE_BUILD_TYPE", "CMAKE_CXX_FLAGS", "CMAKE_CXX_FLAGS_RELEASE", "SHADOWCAT_SANITIZE")


def _first_line(argv, **options):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, errors="replace", **options)
    return (done.stdout.strip().splitlines() or [""])[0]


def _cpu():
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _memory_gib():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def _version(name):
    try:
        return _first_line([system(name), *VERSIONS[name]])
    except Missing:
        return "missing"


def _npm_versions():
    text = (ROOT / "bench/peers/package.json").read_text()
    return dict(re.findall(r'"(mcp-proxy|supergateway)": "([^"]+)"', text))


def _build_flags(build_dir):
    cache = build_dir / "CMakeCache.txt"
    text = cache.read_text() if cache.exists() else ""
    return {key: found[1] for key in FLAGS if (found := re.search(rf"^{key}:\w+=(.*)$", text, re.MULTILINE))}


def describe(programs):
    git = ["git", "-C", str(ROOT)]
    return {
        "machine": {"cpu": _cpu(), "cores": os.cpu_count(), "memory_gib": _memory_gib(),
                    "kernel": platform.release(), "system": platform.freedesktop_os_release().get("PRETTY_NAME")},
        "versions": {name: _version(name) for name in VERSIONS} | _npm_versions() |
                    {"shadowcat": _first_line([str(programs.own("shadowcat")), "--version"])},
        "commit": _first_line([*git, "describe", "--always", "--dirty", "--abbrev=12"]),
        "build": {"folder": str(programs.build_dir)} | _build_flags(programs.build_dir),
    }
