# SPDX-License-Identifier: Apache-2.0
"""Which figures a report shows for each kind of scenario, and of which it shows ratios."""
LATENCIES = (("p50_us", "p50 µs", 0), ("p90_us", "p90 µs", 0), ("p99_us", "p99 µs", 0), ("p999_us", "p99.9 µs", 0))
COSTS = (("cpu_ms_per_1000", "CPU ms/1,000", 1), ("peak_mb", "peak MB", 1))
ERRORS = (("errors", "errors", 0),)

COLUMNS = {
    "closed": (("requests_per_second", "requests/s", 0), *LATENCIES, *COSTS, *ERRORS),
    "open": (("rate", "asked/s", 0), ("requests_per_second", "answered/s", 0), *LATENCIES, *COSTS, ("unsent", "never sent", 0),
             *ERRORS),
    "churn": (("sessions_per_second", "sessions/s", 0), *LATENCIES[:3], *COSTS, *ERRORS),
    "idle": (("session_kib", "KiB a session", 2), ("stream_kib", "KiB a stream", 2),
             ("servers_kib", "KiB of MCP servers a session", 1), ("peak_mb", "peak MB", 1), *ERRORS),
    "burst": (("burst_peak_mb", "MB during", 1), ("burst_after_mb", "MB after", 1), ("burst_seconds", "s a burst", 2),
              *ERRORS),
    "first": (("first_answer_ms", "first answer ms", 1), *ERRORS),
}

RATIOS = {
    "closed": (("requests_per_second", "requests/s"), ("p99_us", "p99"), ("cpu_ms_per_1000", "CPU")),
    "open": (("p50_us", "p50"), ("p99_us", "p99"), ("cpu_ms_per_1000", "CPU")),
    "churn": (("sessions_per_second", "sessions/s"), ("cpu_ms_per_1000", "CPU")),
    "idle": (("session_kib", "session"), ("stream_kib", "stream")),
    "burst": (("burst_peak_mb", "during"), ("burst_after_mb", "after")),
    "first": (("first_answer_ms", "first answer"),),
}
