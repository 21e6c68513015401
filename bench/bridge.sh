#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What bridging between sessions and stateless requests costs the proxy: CPU for each call (its children not counted) and
# calls a second, next to passing through. One machine, one run, the same calls with 200 bytes of text, 16 at a time.
# usage: bench/bridge.sh [BUILD_DIR]     (needs wrk from Debian; takes about a minute; ROUNDS=3 and SECONDS_EACH=3 from outside)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
build=${1:-build/release}
bin=$(readlink -f "$build")/bin
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

fail() { echo "bridge.sh: $*" >&2; exit 1; }
command -v wrk >/dev/null || fail "wrk is missing: apt-get install wrk"
cmake --build "$build" --target quickstart >/dev/null

readonly rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-3} connections=16
readonly arms="a b c d"
declare -A client=([a]=session [b]=stateless [c]=stateless [d]=session)
declare -A server=([a]=legacy [b]=modern [c]=legacy [d]=modern)
declare -A url pid
text=$(printf 'x%.0s' {1..200})
accept='application/json, text/event-stream'
call=',"method":"tools/call","params":{"name":"echo","arguments":{"message":"'$text'"}'
meta=',"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}'

# start ARM: a proxy of its own for each, so that nothing of the others is counted.
start() {
  cat >"$work/$1.yaml" <<YAML
reverse_proxy:
  bind_address: 127.0.0.1:0
  session: { anonymous: shared }
  upstreams:
    - name: demo
      transport: stdio
      command: ["$bin/shadowcat-demo-server", --era, ${server[$1]}]
      era: ${server[$1]}
YAML
  "$bin/shadowcat" reverse --config "$work/$1.yaml" --workers 1 2>"$work/$1.log" &
  pid[$1]=$!; pids+=("$!")
  for _ in $(seq 100); do
    url[$1]=$(grep -o 'http://[^ ]*' "$work/$1.log" | head -1) && return
    sleep 0.1
  done
  fail "the proxy of ($1) did not start: $(cat "$work/$1.log")"
}

# open_session URL: prints the session id.
open_session() {
  curl -sS -D- -o /dev/null --max-time 10 "$1" -H 'Content-Type: application/json' -H "Accept: $accept" \
    -d '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}' |
    tr -d '\r' | awk -F': ' 'tolower($1) == "mcp-session-id" { print $2 }'
}

# prepare ARM: its headers, one a line, and what stands after the id in its requests.
prepare() {
  local session
  if [ "${client[$1]}" = stateless ]; then
    printf '%s\n' 'MCP-Protocol-Version: 2026-07-28' 'Mcp-Method: tools/call' 'Mcp-Name: echo' >"$work/$1.headers"
    printf '%s' "$call$meta}}" >"$work/$1.rest"
  else
    session=$(open_session "${url[$1]}")
    [ -n "$session" ] || fail "($1) opens no session"
    printf '%s\n' 'MCP-Protocol-Version: 2025-11-25' "Mcp-Session-Id: $session" >"$work/$1.headers"
    printf '%s' "$call}}" >"$work/$1.rest"
    curl -sS -o /dev/null --max-time 10 "${url[$1]}" -H 'Content-Type: application/json' -H "Accept: $accept" \
      -H @"$work/$1.headers" -d '{"jsonrpc":"2.0","method":"notifications/initialized"}'
  fi
  printf '%s\n' 'Content-Type: application/json' "Accept: $accept" >>"$work/$1.headers"
}

# check ARM: one call by hand, before anything is timed.
check() {
  local answer
  answer=$(curl -sS --max-time 10 "${url[$1]}" -H @"$work/$1.headers" -d '{"jsonrpc":"2.0","id":"by hand"'"$(cat "$work/$1.rest")")
  [[ $answer == *'"id":"by hand"'* && $answer == *"$text"* && $answer != *'"error"'* ]] || fail "($1) answers wrongly: $answer"
  [[ ${client[$1]} = session || $answer == *'"resultType":"complete"'* ]] || fail "($1) lacks resultType: $answer"
}

# Every request has an id of its own, and every answer is looked at.
write_script() {
  {
    echo 'wrk.method = "POST"'
    sed -E 's/^([^:]*): (.*)$/wrk.headers["\1"] = "\2"/' "$work/$1.headers"
    echo "local rest, text = '$(cat "$work/$1.rest")', '$text'"
    cat <<'LUA'
local threads, last = {}, 0
wrong = 0
function setup(thread) threads[#threads + 1] = thread end
function request()
  last = last + 1
  return wrk.format(nil, nil, nil, '{"jsonrpc":"2.0","id":' .. last .. rest)
end
function response(status, _, body)
  if status ~= 200 or not body:find(text, 1, true) then wrong = wrong + 1 end
end
function done(summary)
  local e = summary.errors
  local bad = e.connect + e.read + e.write + e.timeout
  for _, thread in ipairs(threads) do bad = bad + thread:get("wrong") end
  io.write(("figures %d %d %d\n"):format(summary.requests, summary.duration, bad))
end
LUA
  } >"$work/$1.lua"
}

ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# load ARM SECONDS: appends requests a second and microseconds of CPU for each to the arm's figures.
load() {
  local before after requests duration bad
  before=$(ticks "${pid[$1]}")
  wrk -t1 -c$connections -d"$2s" -s "$work/$1.lua" "${url[$1]}" >"$work/wrk.txt"
  after=$(ticks "${pid[$1]}")
  read -r requests duration bad < <(awk '$1 == "figures" { print $2, $3, $4 }' "$work/wrk.txt") || fail "($1): $(cat "$work/wrk.txt")"
  ((bad == 0 && requests > 0)) || fail "($1): $bad of $requests calls failed"
  awk -v n="$requests" -v us="$duration" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" \
    'BEGIN { printf "%.1f %.2f\n", n * 1e6 / us, ticks * 1e6 / hz / n }' >>"$work/$1.figures"
}

# median ARM COLUMN
median() { awk -v column="$2" '{ print $column }' "$work/$1.figures" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for arm in $arms; do
  start "$arm"; prepare "$arm"; check "$arm"; write_script "$arm"
  load "$arm" 1; rm "$work/$arm.figures"  # warm-up
done
for _ in $(seq "$rounds"); do
  for arm in $arms; do load "$arm" "$seconds"; done
done

echo "load average $(cut -d' ' -f1 /proc/loadavg) (far above 3 something else runs, which empties caches: all figures rise)"
printf '%-36s %10s %14s\n' "median of $rounds rounds, c=$connections" req/s "CPU us/call"
declare -A cpu
for arm in $arms; do
  cpu[$arm]=$(median "$arm" 2)
  printf '(%s) %-9s client -> %-6s server %12.0f %14.2f\n' "$arm" "${client[$arm]}" "${server[$arm]}" "$(median "$arm" 1)" "${cpu[$arm]}"
done
for bridge in c d; do
  for plain in a b; do
    awk -v name="($bridge)-($plain)" -v x="${cpu[$bridge]}" -v y="${cpu[$plain]}" 'BEGIN { printf "%s %+.2f us of CPU per call\n", name, x - y }'
  done
done
