# SPDX-License-Identifier: Apache-2.0
"""What peers are known not to do. They are asked all the same, and measured when they can after all."""
from .workload import KIB

KNOWN = (
    # peer, whether a workload is concerned, what it does
    ("supergateway", lambda w: w.payload > 100 * KIB, "it refuses bodies over 100 KB"),
    ("supergateway", lambda w: w.era == "modern", "it starts a server for each request of 2026-07-28"),
    ("mcp-proxy", lambda w: w.answer == "sse", "it passes no progress notifications on"),
)


def known(peer, workload):
    """A sentence; None where nothing excuses a wrong answer."""
    return next((text for name, concerns, text in KNOWN if name == peer and concerns(workload)), None)
