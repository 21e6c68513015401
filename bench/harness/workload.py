# SPDX-License-Identifier: Apache-2.0
"""What clients do in a scenario, and who is asked."""
from dataclasses import dataclass

KIB, MIB = 1024, 1024 * 1024
PROGRESS_STEPS = 5


def size_text(size):
    if size % MIB == 0:
        return f"{size // MIB} MiB"
    if size % KIB == 0:
        return f"{size // KIB} KiB"
    return f"{size} B"


@dataclass(frozen=True)
class Workload:
    """`transport` is that of the MCP server behind the proxies; clients always speak Streamable HTTP."""

    transport: str  # stdio, http
    payload: int  # bytes of text in each call, and in each answer
    concurrency: int
    answer: str = "json"  # json, sse: five progress notifications and the result
    era: str = "legacy"  # legacy: one session; modern: 2026-07-28, no sessions
    sessions: int = 1

    @property
    def tool(self):
        return "echo" if self.answer == "json" else "count"

    @property
    def text(self):
        return "x" * self.payload

    def __str__(self):
        parts = [f"HTTP→{self.transport.upper() if self.transport == 'http' else 'stdio'}",
                 size_text(self.payload), f"concurrency {self.concurrency}"]
        parts += ["SSE with progress"] if self.answer == "sse" else []
        parts += ["2026-07-28"] if self.era == "modern" else []
        parts += [f"{self.sessions} sessions"] if self.sessions > 1 else []
        return ", ".join(parts)
