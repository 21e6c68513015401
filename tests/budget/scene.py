# SPDX-License-Identifier: Apache-2.0
# The proxy under callgrind, a server behind it, and clients that call it one by one or side by side.
import json
import os
import re
import socket
import subprocess
import threading

_PATIENCE = 60  # seconds, for anything that should take one
_CALL_BYTES = 200


class Failure(Exception):
    """A sentence for the user: this could not be measured."""


class Process:
    """A program that is ended with this object. A line of its output says when it is ready."""

    def __init__(self, command, ready, stream):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        pipes[stream] = subprocess.PIPE
        self.name = os.path.basename(command[0])
        self._process = subprocess.Popen(command, text=True, errors="replace", **pipes)
        self.pid = self._process.pid
        self._lines = getattr(self._process, stream)
        watchdog = threading.Timer(_PATIENCE, self._process.kill)
        watchdog.start()
        self.found = self._wait_for(re.compile(ready))
        watchdog.cancel()
        threading.Thread(target=self._drain, daemon=True).start()

    def _wait_for(self, ready):
        seen = []
        for line in self._lines:
            if not line.startswith("=="):  # valgrind's own
                seen.append(line)
            if found := ready.search(line):
                return found
        self.end()
        raise Failure(f"{self.name} did not start: " + " ".join(seen[:1]).strip())

    def _drain(self):
        for _ in self._lines:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class MeasuredProxy(Process):
    """`shadowcat reverse` with one worker under callgrind, which counts nothing yet."""

    def __init__(self, shadowcat, upstream, directory):
        self._dumps = os.path.join(directory, "callgrind")
        # Polled often, it obeys soon also where nothing may be traced (containers).
        valgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--vgdb-poll=50",
                    f"--callgrind-out-file={self._dumps}.%p"]
        proxy = [shadowcat, "reverse", "--upstream", upstream, "--bind", "127.0.0.1:0", "--workers", "1"]
        super().__init__(valgrind + proxy, r"url=http://127\.0\.0\.1:(\d+)", "stderr")
        self.port = int(self.found[1])
        self._dumped = 0

    def count(self):
        self._command("instrumentation", "on")

    def dump(self):
        """The path of a profile of what was done since the last one."""
        self._command("dump")
        self._dumped += 1
        path = f"{self._dumps}.{self.pid}.{self._dumped}"
        if not os.path.exists(path):
            raise Failure(f"valgrind wrote no profile {path}")
        return path

    def _command(self, *words):
        done = subprocess.run(["vgdb", f"--pid={self.pid}", *words],
                              capture_output=True, text=True, timeout=_PATIENCE)
        if done.returncode != 0:
            raise Failure(f"vgdb {' '.join(words)}: {done.stderr.strip()}")


class Client:
    """A connection with an MCP session of its own."""

    def __init__(self, port):
        self._host = f"127.0.0.1:{port}"
        self._socket = socket.create_connection(("127.0.0.1", port), _PATIENCE)
        self._reader = self._socket.makefile("rb")
        self._headers = ""
        self._open_session()

    def _open_session(self):
        self.send(json.dumps({
            "jsonrpc": "2.0", "id": 0, "method": "initialize",
            "params": {"protocolVersion": "2025-06-18", "capabilities": {},
                       "clientInfo": {"name": "budget", "version": "1"}}}))
        headers, _ = self.receive(200)
        self._headers = f"MCP-Protocol-Version: 2025-06-18\r\nMcp-Session-Id: {headers['mcp-session-id']}\r\n"
        self.send('{"jsonrpc":"2.0","method":"notifications/initialized"}')
        self.receive(202)

    def send(self, body):
        self._socket.sendall((
            f"POST /mcp HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json, text/event-stream\r\n{self._headers}"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode())

    def receive(self, status):
        first = self._reader.readline().decode()
        headers = {}
        while line := self._reader.readline().decode().strip():
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        body = self._reader.read(int(headers.get("content-length", 0)))
        if first.split()[1:2] != [str(status)]:
            raise Failure(f"expected status {status}, got {first.strip()!r} {body[:200]!r}")
        return headers, body


def tool_call(number):
    """A request of 200 bytes, as the benchmark's."""
    call = {"jsonrpc": "2.0", "id": number, "method": "tools/call",
            "params": {"name": "echo", "arguments": {"message": ""}}}
    missing = _CALL_BYTES - len(json.dumps(call, separators=(",", ":")))
    call["params"]["arguments"]["message"] = "x" * missing
    return json.dumps(call, separators=(",", ":"))


def make_calls(clients, count):
    """`count` calls, as many at a time as there are clients; each answer is checked."""
    for first in range(0, count, len(clients)):
        for i, client in enumerate(clients):
            client.send(tool_call(first + i + 1))
        for i, client in enumerate(clients):
            _, body = client.receive(200)
            answer = json.loads(body)
            if answer.get("id") != first + i + 1 or "result" not in answer:
                raise Failure(f"wrong answer to call {first + i + 1}: {body[:200]!r}")
