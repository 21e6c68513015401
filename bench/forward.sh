#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What standing between a client and its server costs over stdio, and what recording adds to that: one call at a time, 200
# bytes of text, the median of each arm, in rounds whose arms rotate.
# usage: bench/forward.sh [BUILD_DIR]     (takes about a minute; ROUNDS=7 from outside)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
build=${1:-build/release}
bin=$(readlink -f "$build")/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --build "$build" --target quickstart bench-load >/dev/null

readonly rounds=${ROUNDS:-7}
arms=(direct forward recording rules)
server="$bin/shadowcat-demo-server"
forward="$bin/shadowcat forward --log-level error"
cat >"$work/rules.yaml" <<'YAML'
rules:
  - name: nobody calls this
    match: { method: tools/call, tool: nobody }
    do: [ { drop: {} } ]
YAML
text=$(printf 'x%.0s' {1..200})
echo '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"'"$text"'"}}}' \
  >"$work/call.json"
declare -A command=(
  [direct]="$server"
  [forward]="$forward -- $server"
  [recording]="$forward --tape $work/tapes -- $server"
  [rules]="$forward --rules $work/rules.yaml -- $server")

for ((round = 0; round < rounds; ++round)); do
  for ((i = 0; i < ${#arms[@]}; ++i)); do
    arm=${arms[$(((i + round) % ${#arms[@]}))]}
    # shellcheck disable=SC2086 # words
    "$bin/bench-load" pipe --seconds 2 --request "$work/call.json" --expect "$text" -- ${command[$arm]} \
      2>"$work/errors" >"$work/out" ||
      { echo "forward.sh: $arm failed: $(tail -1 "$work/errors")" >&2; exit 1; }
    echo "$arm $(grep -o '"p50":[0-9.]*' "$work/out" | grep -o '[0-9.]*$')" >>"$work/medians"
  done
done

frames=$(cat "$work"/tapes/*.jsonl | grep -c '"type":"frame"')
[ "$frames" -gt 0 ] || { echo "forward.sh: nothing was recorded" >&2; exit 1; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
of() { awk -v arm="$1" '$1 == arm { print $2 }' "$work/medians" | median; }
base=$(of forward)
printf '%-10s %10s %12s\n' arm 'p50 us' 'to forward'
for arm in "${arms[@]}"; do
  awk -v arm="$arm" -v value="$(of "$arm")" -v base="$base" \
    'BEGIN { printf "%-10s %10.1f %11.2fx\n", arm, value, value / base }'
done
echo "frames recorded: $frames (all messages of $rounds rounds)"
