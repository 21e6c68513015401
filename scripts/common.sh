# SPDX-License-Identifier: Apache-2.0
# What the scripts beside this file share; sourced, never run.
# shellcheck shell=bash

# shellcheck disable=SC2034  # used by those who source this
project_root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

note() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

die() {
  note "$*"
  exit 1
}

# One compiler per core, but never more than the memory holds (a large unit takes about 1.5 GiB).
build_jobs() {
  if [ -n "${CMAKE_BUILD_PARALLEL_LEVEL:-}" ]; then
    echo "$CMAKE_BUILD_PARALLEL_LEVEL"
    return
  fi
  local cores kib by_memory
  cores=$(nproc)
  kib=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo 2>/dev/null || true)
  by_memory=$((${kib:-99999999} / 1572864))
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

# configure_and_build PRESET [TARGET]
configure_and_build() {
  local preset=$1 target=${2:-all}
  cmake --preset "$preset" --log-level=WARNING >&2 || die "cmake could not configure the preset '$preset'"
  cmake --build --preset "$preset" --target "$target" --parallel "$(build_jobs)" >&2 ||
    die "the build of the preset '$preset' failed; the first error stands above"
}
