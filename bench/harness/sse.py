# SPDX-License-Identifier: Apache-2.0
"""Reads an event stream that has ended."""
import json


def data_of(event):
    lines = [line[5:].removeprefix(" ") for line in event.split("\n") if line.startswith("data:")]
    return "\n".join(lines)


def messages(text):
    """The JSON messages of a stream, in order. Events without data (a first one may be) count for nothing."""
    events = text.replace("\r\n", "\n").split("\n\n")
    return [json.loads(data) for data in map(data_of, events) if data]
