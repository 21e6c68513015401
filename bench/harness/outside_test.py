# SPDX-License-Identifier: Apache-2.0
"""What other programs say, and what they are told."""
import json
import re
import unittest
from pathlib import Path

from harness import bench_load, proxy_configs, tape_figures
from harness.arm import ARMS
from harness.errors import Unable, Wrong
from harness.workload import Workload


class BenchLoad(unittest.TestCase):
    def test_figures(self):
        raw = bench_load.parse("open", 0, '{"latency_us":{"p50":1,"p90":2,"p99":3,"p99.9":4,"max":5}}', "")
        self.assertEqual(bench_load.latencies(raw),
                         {"p50_us": 1, "p90_us": 2, "p99_us": 3, "p999_us": 4, "max_us": 5})

    def test_wrong_answers_refuse_and_wrong_usage_ends_the_run(self):
        with self.assertRaisesRegex(Wrong, "3 wrong answers"):
            bench_load.parse("open", 1, "{}", "noise\nbench-load: 3 wrong answers; the first: status 500\n")
        with self.assertRaisesRegex(Wrong, "bench-load open"):
            bench_load.parse("open", -11, "", "")
        with self.assertRaises(Unable):
            bench_load.parse("open", 2, "", "unknown option")
        with self.assertRaises(Unable):
            bench_load.parse("open", 0, "no JSON", "")


class Tape(unittest.TestCase):
    def test_counters_are_added_up(self):
        text = 'shadowcat_tape_frames_total{worker="0"} 3\nshadowcat_tape_frames_total{worker="1"} 4\n' \
               "# HELP shadowcat_tape_dropped_total x\nshadowcat_tape_dropped_total 1e1\n"
        self.assertEqual(tape_figures.parse(text), {"tape_frames": 7, "tape_dropped": 10})


class Configs(unittest.TestCase):
    def test_nginx_never_holds_events_back(self):
        for answer, buffering in (("sse", "off"), ("json", "on")):
            text = proxy_configs.nginx(ARMS["nginx/1"], Workload("http", 200, 1, answer=answer), 1, 2, "/t", None)
            self.assertIn(f"proxy_buffering {buffering};", text)

    def test_tls(self):
        text = proxy_configs.nginx(ARMS["nginx/1 TLS"], Workload("http", 200, 1), 1, 2, "/t", "/t/c.pem")
        self.assertIn("listen 127.0.0.1:1 ssl;", text)
        self.assertIn("bind 127.0.0.1:1 ssl crt /t/c.pem", proxy_configs.haproxy(ARMS["haproxy/1 TLS"], 1, 2, "/t/c.pem"))
        text = proxy_configs.shadowcat(ARMS["shadowcat/1 TLS"], 1, {"transport": "http"}, Path("/t"), "/t/c.pem")
        self.assertIn('  tls: {"enabled": true', text)

    def test_extras_are_interceptors(self):
        for extra, types in (("recording", ["tape"]), ("interceptors", ["rules", "watch", "message_log"]), ("", None)):
            arm = ARMS[f"shadowcat/1 {extra}".strip()]
            text = proxy_configs.shadowcat(arm, 1, {"transport": "http"}, Path("/t"), None)
            found = re.search(r"^interceptors: (.*)$", text, re.MULTILINE)
            self.assertEqual([i["type"] for i in json.loads(found[1])] if found else None, types)


if __name__ == "__main__":
    unittest.main()
