#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks that clang-format 16 would change nothing: format.sh ROOT | format.sh --self-test ROOT
set -euo pipefail

formatter=clang-format-16
folders=(core sdk plugins examples tests bench)
skipped=77

# What git tracks, or in an unpacked archive whatever lies in the folders.
sources_of() {
  if git -C "$1" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -C "$1" ls-files -z -- "${folders[@]}"
  else
    (cd "$1" && find "${folders[@]}" \( -name 'build*' -o -name node_modules \) -prune \
      -o -type f -print0 2>/dev/null || true)
  fi | grep -zE '\.(cpp|hpp|h)$' || true
}

check() {
  local root=$1 files=() present=() file
  mapfile -d '' -t files < <(sources_of "$root")
  for file in "${files[@]}"; do
    [ ! -f "$root/$file" ] || present+=("$file")
  done
  if [ "${#present[@]}" -eq 0 ]; then
    echo "format: no source found in $root"
    return 2
  fi
  echo "format: ${#present[@]} files"
  (cd "$root" && "$formatter" --style=file --dry-run -Werror "${present[@]}") || {
    echo "format: run $formatter -i on the files above"
    return 1
  }
}

expect() {
  local wanted=$1 got=0
  check "$tree" || got=$?
  [ "$got" -eq "$wanted" ] && return
  echo "self-test: $2: exit code $got instead of $wanted"
  exit 1
}

self_test() {
  tree=$(mktemp -d)
  trap 'rm -rf "$tree"' EXIT
  cp "$1/.clang-format" "$tree/"
  expect 2 "no source"
  mkdir "$tree/core"
  echo 'int f(int a) { return a; }' >"$tree/core/x.cpp"
  expect 0 "well formatted"
  echo 'int  g( int a ){return a;}' >"$tree/core/y.hpp"
  expect 1 "badly formatted"
  git -C "$tree" init -q
  git -C "$tree" add core/x.cpp
  expect 0 "badly formatted, but not tracked"
  git -C "$tree" add core/y.hpp
  expect 1 "badly formatted and tracked"
}

if ! command -v "$formatter" >/dev/null; then
  echo "SKIP: $formatter is not installed (apt-get install $formatter)"
  exit $skipped
fi
if [ "$1" = --self-test ]; then self_test "$2"; else check "$1"; fi
