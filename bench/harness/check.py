# SPDX-License-Identifier: Apache-2.0
"""Asks a few calls by hand before anything is timed, and prepares what the load sends."""
import json
import subprocess
from dataclasses import dataclass, field

from . import answers, jsonrpc
from .errors import Wrong
from .http_client import Client
from .workload import PROGRESS_STEPS

NUMBERS = (100000001, 100000002)  # nine digits, as in the load: the answers have the same length
TEXTUAL = "by-hand"


@dataclass
class Prepared:
    """A checked arm: the request, and how long its answer is on the wire."""

    template: str
    headers: dict
    sessions: list = field(default_factory=list)
    answer_bytes: int = 0


def open_session(client, headers):
    """The session's id; None where the server keeps no sessions."""
    answer = client.post(jsonrpc.INITIALIZE, headers)
    answers.judge_status(answer.status, answer.body)
    messages = answers.messages_of(answer.headers.get("content-type", ""), answer.body)
    if not messages or "protocolVersion" not in messages[-1].get("result", {}):
        raise Wrong(f"initialize: {answer.body[:200]!r}")
    session = answer.headers.get("mcp-session-id")
    noted = client.post(jsonrpc.INITIALIZED, with_session(headers, session))
    if noted.status != 202:
        raise Wrong(f"notifications/initialized: status {noted.status}")
    return session


def with_session(headers, session):
    return headers | {"Mcp-Session-Id": session} if session else headers


def call(client, prepared, session, request_id, workload):
    body = jsonrpc.filled(prepared.template, request_id)
    answer = client.post(body, with_session(prepared.headers, session))
    answers.judge(answer.status, answer.headers.get("content-type", ""), answer.body, request_id,
                  workload, PROGRESS_STEPS)
    return answer.wire_bytes


def check(url, workload):
    """Raises Wrong."""
    prepared = Prepared(jsonrpc.call_template(workload, PROGRESS_STEPS),
                        jsonrpc.protocol_headers(workload))
    with Client(url) as client:
        if workload.era == "legacy":
            opened = [open_session(client, prepared.headers) for _ in range(workload.sessions)]
            prepared.sessions = [session for session in opened if session]
        for session in prepared.sessions or [None]:
            call(client, prepared, session, TEXTUAL, workload)
            sizes = {call(client, prepared, session, number, workload) for number in NUMBERS}
        prepared.answer_bytes = max(sizes)
    return prepared


def check_pipe(argv, workload):
    """The same over a stdio server's own pipes."""
    template = jsonrpc.call_template(workload, PROGRESS_STEPS)
    bodies = [jsonrpc.filled(template, request_id) for request_id in (*NUMBERS, TEXTUAL)]
    said = "\n".join([jsonrpc.INITIALIZE, jsonrpc.INITIALIZED, *bodies]) + "\n"
    done = subprocess.run(argv, input=said, capture_output=True, text=True, timeout=20)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    for request_id in (*NUMBERS, TEXTUAL):
        own = [m for m in messages if m.get("id") == request_id or
               m.get("params", {}).get("progressToken") == request_id]
        if not own:
            raise Wrong(f"no answer to {request_id!r}")
        answers.judge_messages(own, request_id, workload, PROGRESS_STEPS)
    return Prepared(template, {})
