# SPDX-License-Identifier: Apache-2.0
"""Results for tests, as a run would have them."""


def rounds(*figures, marked=()):
    return [{"round": number, "foreign_cores": 0.3 if number in marked else 0.0, "marked": number in marked,
             "figures": one} for number, one in enumerate(figures)]


def arm(*figures, marked=(), status="measured", reason=""):
    return {"status": status, "reason": reason, "rounds": rounds(*figures, marked=marked)}


def scenario(name, arms, kind="closed", baseline="nginx/1"):
    return {"name": name, "title": "HTTP→HTTP, 200 B", "kind": kind, "baseline": baseline, "arms": arms}


def results(*scenarios):
    return {"started": "2026-11-26 08:00:00", "arguments": ["--quick"], "settings": {"rounds": 2, "seconds": 1},
            "machine": {"cpu": "a CPU", "cores": 2, "memory_gib": 4, "kernel": "6.1", "system": "Debian"},
            "versions": {"wrk": "4.1"}, "commit": "abc", "build": {}, "scenarios": list(scenarios)}
