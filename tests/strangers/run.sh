#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the foreign MCP programs into a build directory and runs the tests that use them.
# usage: SHADOWCAT_DEMO_SERVER=… [SHADOWCAT_BIN=…] run.sh BUILD_DIR [node --test option…]
set -euo pipefail

readonly skipped=77
readonly install_seconds=150
readonly test_seconds=150

source_dir=$(dirname "$(readlink -f "$0")")
build_dir=$(readlink -m "${1:?usage: run.sh BUILD_DIR}")
shift

skip() {
  echo "SKIP: the tests with foreign MCP programs did not run: $*"
  exit "$skipped"
}

# Makes the path in a variable absolute; the tests run elsewhere.
require_program() {
  local path
  path=$(readlink -f "${!1}") && [ -x "$path" ] || { echo "$1=${!1} is no program" >&2; exit 1; }
  export "$1=$path"
}

require_node() {
  command -v node >/dev/null && command -v npm >/dev/null || skip "node or npm is not installed"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 18 ] || skip "node $major is too old, 18 is needed"
}

copy_sources() {
  mkdir -p "$build_dir"
  rm -rf "$build_dir"/lib "$build_dir"/*.test.mjs
  cp -r "$source_dir"/{package.json,package-lock.json,.npmrc,lib} "$source_dir"/*.test.mjs "$build_dir"
}

# Whether an npm log tells of a registry that could not be reached, and of nothing worse.
is_unreachable() {
  grep -qE 'code (E(NOTFOUND|CONN(REFUSED|RESET)|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH)|ERR_SOCKET_TIMEOUT)' "$1"
}

install_packages() {
  local stamp=node_modules/.installed log=npm.log status=0
  cmp -s package-lock.json "$stamp" && return
  timeout --kill-after=5 "$install_seconds" npm ci --ignore-scripts --loglevel=error \
    >"$log" 2>&1 </dev/null || status=$?
  [ "$status" -ne 124 ] || skip "npm did not finish within $install_seconds seconds"
  if [ "$status" -ne 0 ]; then
    is_unreachable "$log" && skip "the npm registry cannot be reached: $(grep -m1 ' code ' "$log")"
    cat "$log" >&2
    exit 1
  fi
  cp package-lock.json "$stamp"
}

main() {
  : "${SHADOWCAT_DEMO_SERVER:?must name the demo server}"
  require_program SHADOWCAT_DEMO_SERVER
  [ -z "${SHADOWCAT_BIN:-}" ] || require_program SHADOWCAT_BIN
  require_node
  copy_sources
  cd "$build_dir"
  install_packages
  exec timeout --kill-after=5 "$test_seconds" \
    node --test --test-reporter=spec "$@" ./*.test.mjs </dev/null
}

main "$@"
