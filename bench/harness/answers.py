# SPDX-License-Identifier: Apache-2.0
"""Judges answers. Pure: what was asked, what came, and a sentence where that is wrong."""
import json

from . import sse
from .errors import Wrong


def messages_of(content_type, body):
    """Both kinds of body may be the answer to any call: a client of MCP accepts either."""
    kind = content_type.split(";")[0].strip().lower()
    try:
        text = body.decode()
        if kind == "application/json":
            return [json.loads(text)]
        if kind == "text/event-stream":
            return sse.messages(text)
    except ValueError as error:
        raise Wrong(f"the {kind} body can't be read: {error}") from error
    raise Wrong(f"the answer is of type '{kind}'")


def judge_status(status, body):
    if status != 200:
        raise Wrong(f"status {status}: {' '.join(body[:120].decode(errors='replace').split())}")


def judge_result(message, request_id, text, era):
    """The one response: its id with its type, and every byte of the payload."""
    if message.get("jsonrpc") != "2.0" or "result" not in message:
        raise Wrong(f"no result: {json.dumps(message)[:200]}")
    answered = message.get("id")
    if type(answered) is not type(request_id) or answered != request_id:
        raise Wrong(f"id {answered!r} in the place of {request_id!r}")
    result = message["result"]
    content = result.get("content") or [{}]
    if len(content) != 1 or content[0].get("text") != text or result.get("isError"):
        got = content[0].get("text")
        raise Wrong(f"the payload of {len(text)} bytes came back as {len(got or '')} others")
    if era == "modern" and result.get("resultType") != "complete":
        raise Wrong("resultType is not 'complete'")


def judge_progress(notifications, token, steps):
    """Every step once, in order, for the token that was given."""
    seen = []
    for message in notifications:
        params = message.get("params") or {}
        if message.get("method") != "notifications/progress" or params.get("progressToken") != token:
            raise Wrong(f"an unexpected message in the stream: {json.dumps(message)[:200]}")
        seen.append(params.get("progress"))
    if seen != list(range(1, steps + 1)):
        raise Wrong(f"progress {seen} in the place of 1 to {steps}")


def judge(status, content_type, body, request_id, workload, steps):
    """All of one answer over HTTP."""
    judge_status(status, body)
    messages = messages_of(content_type, body)
    if not messages:
        raise Wrong("an empty stream")
    judge_messages(messages, request_id, workload, steps)


def judge_messages(messages, request_id, workload, steps):
    *notifications, response = messages
    judge_progress(notifications, request_id, steps if workload.answer == "sse" else 0)
    judge_result(response, request_id, workload.text, workload.era)
