#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh RUNNER PLUGIN_DIR: shadowcat-plugin-test finds fault where there is one, and says which.
set -uo pipefail

runner=$1
plugins=$2
here=$(dirname "$(readlink -f "$0")")
failures=0

# refuses STATUS TEXT ARGUMENTS…: the runner ends with STATUS and says TEXT.
refuses() {
  local status=$1 text=$2 output got
  shift 2
  output=$("$runner" "$@" 2>&1)
  got=$?
  if [ "$got" -eq "$status" ] && [[ $output == *"$text"* ]]; then
    echo "ok: $text"
  else
    echo "FAILED: expected exit code $status and \"$text\", got $got and: $output"
    failures=$((failures + 1))
  fi
}

pool=(--plugin "$plugins/pool.so" --config)
stdio=(--plugin "$plugins/transport-stdio.so" --config)

refuses 2 '--plugin and --config are needed' --plugin "$plugins/pool.so"
refuses 2 'unknown option "--plugins"' --plugins x
refuses 1 'no-such.so' --plugin "$plugins/no-such.so" --config "$here/incomplete.yaml"
refuses 1 'no-such.yaml' "${pool[@]}" "$here/no-such.yaml"
refuses 1 "unknown.yaml:3:47: parts[0].pear" "${pool[@]}" "$here/unknown.yaml"
refuses 1 'offers health_checker "mcp_ping", which' "${pool[@]}" "$here/incomplete.yaml"
refuses 1 'nothing to check' "${pool[@]}" "$here/incomplete.yaml" --kind connector
refuses 1 'the plugin offers no connector "stdio"' "${pool[@]}" "$here/foreign.yaml" --kind connector
refuses 1 'the peer printed no line: /bin/true' "${stdio[@]}" "$here/silent-peer.yaml" --kind connector
refuses 1 'where nobody answers, opening or the first call fails' \
  "${stdio[@]}" "$here/reachable.yaml" --kind connector
refuses 1 "command not found: '/nonexistent/mcp-server'" "${stdio[@]}" "$here/no-server.yaml" --kind connector

exit $((failures > 0))
