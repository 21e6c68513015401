# SPDX-License-Identifier: Apache-2.0
"""Right and wrong answers."""
import json
import unittest

from harness import answers, sse
from harness.errors import Wrong
from harness.workload import Workload

JSON, EVENTS = "application/json", "text/event-stream; charset=utf-8"
ECHO = Workload("http", 5, 1)
COUNT = Workload("http", 5, 1, answer="sse")


def result(request_id, text="xxxxx", **more):
    return {"jsonrpc": "2.0", "id": request_id, "result": {"content": [{"type": "text", "text": text}], **more}}


def progress(step, token=7):
    return {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": token, "progress": step}}


def stream(*messages):
    return "".join(f"event: message\nid: 1\ndata: {json.dumps(m)}\n\n" for m in messages).encode()


class Judge(unittest.TestCase):
    def judge(self, body, request_id=7, workload=ECHO, kind=JSON, status=200):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        answers.judge(status, kind, body, request_id, workload, 3)

    def refuse(self, pattern, *args, **kwargs):
        with self.assertRaisesRegex(Wrong, pattern):
            self.judge(*args, **kwargs)

    def test_right_answers_pass(self):
        self.judge(result(7))
        self.judge(result("7"), "7")
        self.judge(stream(result(7)), kind=EVENTS)
        self.judge(b"id: 0\ndata:\n\n" + stream(result(7)), kind=EVENTS)
        self.judge(stream(progress(1), progress(2), progress(3), result(7)), workload=COUNT, kind=EVENTS)

    def test_an_id_keeps_its_type(self):
        self.refuse("id '7' in the place of 7", result("7"))
        self.refuse("id 7 in the place of '7'", result(7), "7")
        self.refuse("id 7.0", result(7.0))
        self.refuse("id True", result(True), 1)

    def test_every_byte_of_the_payload_counts(self):
        self.refuse("payload of 5 bytes came back as 4", result(7, "xxxx"))
        self.refuse("payload", result(7, "xxxxy"))
        self.refuse("payload", result(7, isError=True))

    def test_status_type_and_errors(self):
        self.refuse("status 503", result(7), status=503)
        self.refuse("of type 'text/html'", b"<html>", kind="text/html")
        self.refuse("can't be read", b"{", kind=JSON)
        self.refuse("no result", {"jsonrpc": "2.0", "id": 7, "error": {"code": 1, "message": "no"}})
        self.refuse("empty stream", b"", kind=EVENTS)

    def test_progress_comes_whole_in_order_and_first(self):
        self.refuse(r"progress \[1, 3, 2\]", stream(progress(1), progress(3), progress(2), result(7)),
                    workload=COUNT, kind=EVENTS)
        self.refuse(r"progress \[\]", stream(result(7)), workload=COUNT, kind=EVENTS)
        self.refuse("unexpected message", stream(progress(1), result(7), progress(2)), workload=COUNT, kind=EVENTS)
        self.refuse("unexpected message", stream(progress(1, token="7"), result(7)), workload=COUNT, kind=EVENTS)

    def test_stateless_results_say_that_they_are_complete(self):
        modern = Workload("http", 5, 1, era="modern")
        self.judge(result(7, resultType="complete"), workload=modern)
        self.refuse("resultType", result(7), workload=modern)


class Events(unittest.TestCase):
    def test_data_may_have_lines_and_carriage_returns(self):
        self.assertEqual(sse.messages('data: {"a":\r\ndata: 1}\r\n\r\n: comment\r\n\r\n'), [{"a": 1}])


if __name__ == "__main__":
    unittest.main()
