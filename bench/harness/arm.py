# SPDX-License-Identifier: Apache-2.0
"""An arm is one way from the client to the MCP server."""
import os
from dataclasses import dataclass
from typing import Optional

N = os.cpu_count() or 1  # what Shadowcat uses by default: a worker for each core


@dataclass(frozen=True)
class Arm:
    name: str
    peer: str  # how it is started: a key of peers.STARTERS
    workers: int = 1
    tls: bool = False
    extra: str = ""  # Shadowcat alone: recording, interceptors, logging, shared


@dataclass
class Running:
    """A started arm. `process` is the proxy, None where there is none; `pid` does its work."""

    url: str = ""
    process: Optional[object] = None
    argv: tuple = ()  # direct pipe: the server's own command
    pid: int = 0


def arms(*names):
    return [ARMS[name] for name in names]


ARMS = {arm.name: arm for arm in (
    Arm("pipe", "pipe"),
    Arm("direct", "direct"),
    Arm("direct HTTP", "direct"),
    Arm("nginx/1", "nginx"),
    Arm("nginx/n", "nginx", N),
    Arm("nginx/1 TLS", "nginx", tls=True),
    Arm("haproxy/1", "haproxy"),
    Arm("haproxy/n", "haproxy", N),
    Arm("haproxy/1 TLS", "haproxy", tls=True),
    Arm("mcp-proxy", "mcp-proxy"),
    Arm("supergateway", "supergateway"),
    Arm("shadowcat/1", "shadowcat"),
    Arm("shadowcat/n", "shadowcat", N),
    Arm("shadowcat/1 TLS", "shadowcat", tls=True),
    Arm("shadowcat/1 shared", "shadowcat", extra="shared"),
    Arm("shadowcat/1 recording", "shadowcat", extra="recording"),
    Arm("shadowcat/1 interceptors", "shadowcat", extra="interceptors"),
    Arm("shadowcat/1 logging", "shadowcat", extra="logging"),
)}
