#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the compatibility tests and prints the matrix, which it also leaves in BUILD_DIR/matrix.md.
# usage: [SHADOWCAT_BIN=…] [CELLS=REGEX] run.sh BUILD_DIR [node --test option…]
set -euo pipefail

readonly skipped=77
readonly test_seconds=180

source_dir=$(dirname "$(readlink -f "$0")")
build_dir=$(readlink -m "${1:?usage: run.sh BUILD_DIR}")
shift

skip() {
  echo "SKIP: the compatibility tests did not run: $*"
  exit "$skipped"
}

require_node() {
  command -v node >/dev/null || skip "node is not installed"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 18 ] || skip "node $major is too old, 18 is needed"
}

main() {
  require_node
  if [ -n "${SHADOWCAT_BIN:-}" ]; then
    SHADOWCAT_BIN=$(readlink -f "$SHADOWCAT_BIN")
    [ -x "$SHADOWCAT_BIN" ] || { echo "SHADOWCAT_BIN is no program" >&2; exit 1; }
    export SHADOWCAT_BIN
  fi
  mkdir -p "$build_dir"
  export MATRIX_FILE="$build_dir/matrix.md"
  rm -f "$MATRIX_FILE"
  local status=0
  timeout --kill-after=5 "$test_seconds" \
    node --test --test-reporter=spec "$@" "$source_dir"/*.test.mjs </dev/null || status=$?
  [ ! -f "$MATRIX_FILE" ] || cat "$MATRIX_FILE"
  exit "$status"
}

main "$@"
