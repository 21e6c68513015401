# SPDX-License-Identifier: Apache-2.0
"""What wrk is told, and what is believed of what it says."""
import re
import unittest

from harness import jsonrpc, wrk
from harness.check import Prepared
from harness.errors import Wrong
from harness.workload import Workload
from harness.wrk_script import lua_string, script

RAW = {"requests": 100, "duration_us": 2_000_000, "bytes": 30_000, "status": 0, "connect": 0, "read": 0, "write": 0,
       "timeout": 0, "p50_us": 10.0, "p90_us": 20.0, "p99_us": 30.0, "p999_us": 40.0, "max_us": 50.0}


class Judge(unittest.TestCase):
    def refuse(self, pattern, **changed):
        with self.assertRaisesRegex(Wrong, pattern):
            wrk.judge(RAW | changed, 300, 16)

    def test_good_figures_pass(self):
        wrk.judge(RAW, 300, 16)
        wrk.judge(RAW | {"bytes": 30_000 + 16 * 300}, 300, 16)  # sixteen more were under way
        self.assertEqual(wrk.figures(RAW)["requests_per_second"], 50)

    def test_errors_refuse(self):
        self.refuse("3 of 100 answers had an error status", status=3)
        for kind in wrk.SOCKET_ERRORS:
            self.refuse(rf"1 socket errors \({kind}\)", **{kind: 1})
        self.refuse("not one call", requests=0, bytes=0)

    def test_answers_of_another_size_refuse(self):
        self.refuse("250 bytes for each answer in the place of 300", bytes=25_000)
        self.refuse("some were wrong", bytes=40_000)


class Parse(unittest.TestCase):
    def test_the_line_is_found(self):
        said = 'Running 1s test\nfigures {"requests":7,"p50_us":nan}\nTransfer/sec: 1MB\n'
        self.assertEqual(wrk.parse(said), {"requests": 7, "p50_us": None})

    def test_silence_is_wrong(self):
        with self.assertRaises(Wrong):
            wrk.parse("unable to connect")


class Script(unittest.TestCase):
    def setUp(self):
        self.workload = Workload("http", 20, 16, answer="sse")
        template = jsonrpc.call_template(self.workload, 5)
        self.prepared = Prepared(template, {"Accept": "application/json"}, ["one", "two"])

    def test_length_is_that_of_every_request(self):
        text = script("http://127.0.0.1:80/mcp", self.prepared, 3)
        length = len(jsonrpc.filled(self.prepared.template, 130_000_001))
        self.assertEqual(set(re.findall(r"Content-Length: (\d+)", text)), {str(length)})

    def test_ids_of_rounds_differ_and_sessions_take_turns(self):
        text = script("http://127.0.0.1:80/mcp", self.prepared, 3)
        self.assertIn("local last, turn = 130000000, 0", text)
        self.assertIn("Mcp-Session-Id: one", text)
        self.assertIn("Mcp-Session-Id: two", text)

    def test_id_and_progress_token_are_both_put_in(self):
        self.assertIn("last .. rest[1] .. last .. rest[2]", script("http://127.0.0.1:80/mcp", self.prepared, 0))

    def test_strings_are_quoted(self):
        self.assertEqual(lua_string('a"b\\c\r\n'), '"a\\"b\\\\c\\r\\n"')


if __name__ == "__main__":
    unittest.main()
