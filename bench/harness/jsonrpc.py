# SPDX-License-Identifier: Apache-2.0
"""The requests that are sent, with a mark where each id goes."""
import json

ID = "@ID@"  # replaced by a number of nine digits, so that every request has the same length
LEGACY, MODERN = "2025-11-25", "2026-07-28"

INITIALIZE = json.dumps({
    "jsonrpc": "2.0", "id": 0, "method": "initialize",
    "params": {"protocolVersion": LEGACY, "capabilities": {},
               "clientInfo": {"name": "bench", "version": "1"}}}, separators=(",", ":"))
INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}'


def _meta(workload):
    meta = {}
    if workload.answer == "sse":
        meta["progressToken"] = ID
    if workload.era == "modern":
        meta["io.modelcontextprotocol/protocolVersion"] = MODERN
        meta["io.modelcontextprotocol/clientCapabilities"] = {}
        meta["io.modelcontextprotocol/clientInfo"] = {"name": "bench", "version": "1"}
    return meta


def call_template(workload, steps):
    """The body of a tools/call; `filled` puts ids in."""
    arguments = {"message": workload.text}
    if workload.tool == "count":
        arguments["steps"] = steps
    params = {"name": workload.tool, "arguments": arguments}
    if _meta(workload):
        params["_meta"] = _meta(workload)
    text = json.dumps({"jsonrpc": "2.0", "id": ID, "method": "tools/call", "params": params},
                      separators=(",", ":"))
    return text.replace(f'"{ID}"', ID)


def filled(template, request_id):
    return template.replace(ID, json.dumps(request_id))


def protocol_headers(workload):
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
               "MCP-Protocol-Version": MODERN if workload.era == "modern" else LEGACY}
    if workload.era == "modern":
        headers |= {"Mcp-Method": "tools/call", "Mcp-Name": workload.tool}
    return headers
