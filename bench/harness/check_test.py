# SPDX-License-Identifier: Apache-2.0
"""The check by hand against a server that can lie; and what becomes of arms that fail it."""
import json
import threading
import types
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness import report, runner
from harness.check import check
from harness.errors import Missing, Wrong
from harness.limits import known
from harness.scenarios import SCENARIOS
from harness.settings import quick
from harness.workload import MIB, Workload


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lie = None  # changes the answer to a call

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "id" not in asked:
            return self.answer(202, b"")
        if asked["method"] == "initialize":
            result = {"protocolVersion": "2025-11-25"}
        else:
            result = {"content": [{"type": "text", "text": asked["params"]["arguments"]["message"]}]}
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": result}
        if self.lie and asked["method"] == "tools/call":
            self.lie(answer)
        self.answer(200, json.dumps(answer).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Mcp-Session-Id", "s1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Check(unittest.TestCase):
    def serve(self, lie=None):
        handler = type("Lying", (Server,), {"lie": staticmethod(lie) if lie else None})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}/mcp"

    def test_a_truthful_server_passes_and_its_answers_are_measured(self):
        prepared = check(self.serve(), Workload("http", 200, 1))
        self.assertEqual(prepared.sessions, ["s1"])
        self.assertGreater(prepared.answer_bytes, 350)  # with the head

    def test_lies_are_found(self):
        def other_id(answer):
            answer["id"] = str(answer["id"])

        def short(answer):
            answer["result"]["content"][0]["text"] = "x"

        for lie in (other_id, short, lambda answer: answer.pop("result")):
            with self.assertRaises(Wrong):
                check(self.serve(lie), Workload("http", 200, 1))

    def test_nobody_there_is_wrong_too(self):
        with self.assertRaisesRegex(Wrong, "no answer"):
            check("http://127.0.0.1:1/mcp", Workload("http", 200, 1))


class Refusal(unittest.TestCase):
    def setUp(self):
        scenario = next(s for s in SCENARIOS if s.name == "http-200B-c64")
        self.run_ = runner.ScenarioRun(scenario, types.SimpleNamespace(settings=quick()))
        self.arm = self.run_.arms[0]
        runner.say = lambda text: None  # quiet

    def attempt(self, error):
        def action():
            raise error
        self.assertIsNone(self.run_._attempt(self.arm, action))
        return self.run_.outcome["arms"][self.arm.name]

    def test_a_wrong_answer_refuses_the_arm_for_good_and_fails_the_run(self):
        entry = self.run_.outcome["arms"][self.arm.name]
        entry["rounds"].append({"round": 0, "figures": {}})
        self.attempt(Wrong("id '7' in the place of 7"))
        self.assertEqual(entry, {"status": "refused", "reason": "id '7' in the place of 7", "rounds": []})
        self.assertIsNone(self.run_._attempt(self.arm, lambda: self.fail("it is asked again")))
        self.assertEqual(report.exit_code([self.run_.outcome]), 1)

    def test_a_failed_measurement_refuses_too(self):
        self.assertEqual(self.attempt(KeyError("answered"))["status"], "refused")

    def test_what_is_missing_is_left_out(self):
        self.assertEqual(self.attempt(Missing("nginx is not installed"))["status"], "left out")
        self.assertEqual(report.exit_code([self.run_.outcome]), 0)

    def test_known_limits_are_those_of_one_peer(self):
        large = Workload("stdio", MIB, 1)
        self.assertIn("100 KB", known("supergateway", large))
        self.assertIsNone(known("shadowcat", large))
        self.assertIsNone(known("supergateway", Workload("stdio", 200, 1)))


if __name__ == "__main__":
    unittest.main()
