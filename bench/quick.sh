#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Compares Shadowcat with npm's mcp-proxy and with the bare pipe: one stdio server, 200-byte calls, one machine, one run.
# usage: bench/quick.sh [BUILD_DIR]     (needs wrk from Debian, node and npm; takes about a minute)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
build=${1:-build/release}
bin=$build/bin
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
cmake --build "$build" --target quickstart pipe-latency >/dev/null
(cd "$work" && npm install --silent --no-audit --no-fund mcp-proxy@6.7.19 >/dev/null 2>&1)

readonly rounds=3 seconds=4
payload=$(printf 'x%.0s' {1..110})
call='{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"'$payload'"}}}'

# open_session URL: prints the session id.
open_session() {
  curl -sS -D- -o /dev/null --max-time 10 "$1" -H 'Content-Type: application/json' \
    -H 'Accept: application/json, text/event-stream' \
    -d '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}' |
    tr -d '\r' | awk -F': ' 'tolower($1) == "mcp-session-id" { print $2 }'
}

# load NAME URL PID CONNECTIONS: one line of figures.
load() {
  local session cpu_before cpu_after
  session=$(open_session "$2")
  cat >"$work/call.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"
wrk.headers["MCP-Protocol-Version"] = "2025-06-18"
wrk.headers["Mcp-Session-Id"] = "$session"
wrk.body = '$call'
LUA
  curl -sS --max-time 10 "$2" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -H "Mcp-Session-Id: $session" -d "$call" | grep -q "$payload" || { echo "$1 answers wrongly" >&2; exit 1; }
  cpu_before=$(awk '{ print $14 + $15 }' "/proc/$3/stat")
  wrk -t1 -c"$4" -d"${seconds}s" --latency -s "$work/call.lua" "$2" >"$work/wrk.txt"
  cpu_after=$(awk '{ print $14 + $15 }' "/proc/$3/stat")
  awk -v name="$1" -v c="$4" -v ticks=$((cpu_after - cpu_before)) '
    /50%/ { p50 = $2 } /99%/ { p99 = $2 } /requests in/ { n = $1 } /Requests\/sec/ { rps = $2 } /Non-2xx/ { bad = $NF }
    END { printf "%-22s c=%-3d %9.0f req/s  p50 %-9s p99 %-9s cpu %7.1f ms/1000  rejected %d\n", name, c, rps, p50, p99, ticks * 10000 / n, bad }' "$work/wrk.txt"
}

"$bin/shadowcat" reverse --upstream "$bin/shadowcat-demo-server" --bind 127.0.0.1:0 2>"$work/shadowcat.log" &
shadowcat=$!; pids+=("$shadowcat")
mcp_port=$(node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
"$work/node_modules/.bin/mcp-proxy" --host 127.0.0.1 --port "$mcp_port" --server stream -- "$bin/shadowcat-demo-server" >"$work/mcp-proxy.log" 2>&1 &
mcp_proxy=$!; pids+=("$mcp_proxy")
for _ in $(seq 100); do curl -s -o /dev/null --max-time 1 "http://127.0.0.1:$mcp_port/ping" && break; sleep 0.1; done
url=$(grep -o 'http://[^ ]*' "$work/shadowcat.log" | head -1)

echo "pipe, no HTTP          $("$bin/pipe-latency" 110 "$bin/shadowcat-demo-server")"
for round in $(seq $rounds); do
  for connections in 1 64; do
    load shadowcat "$url" "$shadowcat" "$connections"
    load mcp-proxy "http://127.0.0.1:$mcp_port/mcp" "$mcp_proxy" "$connections"
  done
done
