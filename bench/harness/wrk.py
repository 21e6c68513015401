# SPDX-License-Identifier: Apache-2.0
"""Closed load: runs wrk and reads what it says."""
import json
import re
import subprocess

from .errors import Unable, Wrong
from .wrk_script import script

ANSWER_TIMEOUT = 30  # seconds; slow peers answer late, which is no error
SOCKET_ERRORS = ("connect", "read", "write", "timeout")


def parse(output):
    """wrk's own figures."""
    found = re.search(r"^figures (\{.*\})$", output, re.MULTILINE)
    if not found:
        raise Wrong(f"wrk says nothing: {output[-200:]!r}")
    try:
        return json.loads(found[1].replace("nan", "null"))
    except ValueError as error:
        raise Unable(f"wrk's figures can't be read: {found[1]}") from error


def judge(raw, answer_bytes, concurrency):
    """Errors, and bytes for each answer; what is under way at the end may count as bytes alone."""
    if raw["status"]:
        raise Wrong(f"{raw['status']} of {raw['requests']} answers had an error status")
    for kind in SOCKET_ERRORS:
        if raw[kind]:
            raise Wrong(f"{raw[kind]} socket errors ({kind}) in {raw['requests']} calls")
    if not raw["requests"]:
        raise Wrong("not one call was answered")
    least, most = raw["requests"] * answer_bytes, (raw["requests"] + concurrency) * answer_bytes
    if not least * 0.98 <= raw["bytes"] <= most * 1.02:
        raise Wrong(f"{raw['bytes'] / raw['requests']:.0f} bytes for each answer in the place of "
                    f"{answer_bytes}: some were wrong")


def figures(raw):
    kept = {key: raw[key] for key in ("requests", "p50_us", "p90_us", "p99_us", "p999_us", "max_us")}
    return kept | {"errors": 0, "requests_per_second": raw["requests"] * 1e6 / raw["duration_us"]}


def run(url, prepared, workload, seconds, run_number, folder):
    """One run of whole seconds (wrk knows no others) on one thread."""
    lua = folder / "call.lua"
    lua.write_text(script(url, prepared, run_number))
    argv = ["wrk", "-t1", f"-c{workload.concurrency}", f"-d{seconds}s",
            f"--timeout={ANSWER_TIMEOUT}s", "-s", str(lua), url]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds + 2 * ANSWER_TIMEOUT)
    if done.returncode != 0:
        raise Wrong(f"wrk failed: {(done.stderr or done.stdout).strip()[-200:]}")
    raw = parse(done.stdout)
    judge(raw, prepared.answer_bytes, workload.concurrency)
    return figures(raw)
