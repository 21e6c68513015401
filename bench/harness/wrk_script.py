# SPDX-License-Identifier: Apache-2.0
"""Writes the Lua that wrk runs: whole requests with an id each, and the figures at the end as JSON."""
from urllib.parse import urlsplit

from . import jsonrpc

IDS_EACH_RUN = 10_000_000  # ids aren't used twice in a session, also not by the next round
FIRST_ID = 100_000_000

SCRIPT = """-- Made by bench/run.
local heads = {{ {heads} }}
local first, rest = {first}, {rest}
local last, turn = {base}, 0
function request()
  last = last + 1
  turn = turn % #heads + 1
  return heads[turn] .. first .. {middle}
end
function done(summary, latency)
  local e = summary.errors
  io.write(('figures {{"requests":%d,"duration_us":%d,"bytes":%d,"status":%d,"connect":%d,' ..
            '"read":%d,"write":%d,"timeout":%d,"p50_us":%.1f,"p90_us":%.1f,"p99_us":%.1f,' ..
            '"p999_us":%.1f,"max_us":%.1f}}\\n'):format(
    summary.requests, summary.duration, summary.bytes, e.status, e.connect, e.read, e.write,
    e.timeout, latency:percentile(50), latency:percentile(90), latency:percentile(99),
    latency:percentile(99.9), latency.max))
end
"""


def lua_string(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def head(url, headers, length):
    parts = urlsplit(url)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines) + "\r\n\r\n"


def script(url, prepared, run_number):
    """`run_number` counts the runs against one arm."""
    first, *rest = prepared.template.split(jsonrpc.ID)
    length = len(jsonrpc.filled(prepared.template, FIRST_ID).encode())
    each = [prepared.headers | {"Mcp-Session-Id": session} for session in prepared.sessions]
    heads = [head(url, headers, length) for headers in each or [prepared.headers]]
    middle = " .. ".join(f"last .. rest[{number}]" for number in range(1, len(rest) + 1))
    return SCRIPT.format(
        heads=", ".join(map(lua_string, heads)), first=lua_string(first),
        rest="{ " + ", ".join(map(lua_string, rest)) + " }", middle=middle,
        base=FIRST_ID + run_number * IDS_EACH_RUN)
