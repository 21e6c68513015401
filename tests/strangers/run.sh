#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the foreign MCP programs into a build directory and runs the tests that use them.
# usage: SHADOWCAT_DEMO_SERVER=… [SHADOWCAT_BIN=…] run.sh BUILD_DIR [node --test option…]
set -euo pipefail

readonly test_seconds=150

source_dir=$(dirname "$(readlink -f "$0")")
build_dir=$(readlink -m "${1:?usage: run.sh BUILD_DIR}")
shift
# shellcheck source=tests/support/npm.sh
source "$source_dir/../support/npm.sh"

copy_sources() {
  mkdir -p "$build_dir"
  rm -rf "$build_dir"/lib "$build_dir"/*.test.mjs
  cp -r "$source_dir"/{package.json,package-lock.json,.npmrc,lib} "$source_dir"/*.test.mjs \
    "$source_dir/../../docs/tape.schema.json" "$build_dir"
}

main() {
  : "${SHADOWCAT_DEMO_SERVER:?must name the demo server}"
  require_program SHADOWCAT_DEMO_SERVER
  [ -z "${SHADOWCAT_BIN:-}" ] || require_program SHADOWCAT_BIN
  require_node 18
  copy_sources
  cd "$build_dir"
  install_packages
  exec timeout --kill-after=5 "$test_seconds" \
    node --test --test-reporter=spec "$@" ./*.test.mjs </dev/null
}

main "$@"
