#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks that clang-format 16 would change nothing: format.sh ROOT | format.sh --self-test ROOT
set -euo pipefail

formatter=clang-format-16
self=$(readlink -f "$0")
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
  cd "$root"
  printf '%s\0' "${present[@]}" | xargs -0 -n 100 -P 2 "$self" --some || {
    echo "format: run $formatter -i on the files above"
    return 1
  }
}

# Compares the result, because --dry-run complains about `namespace a::inline b` without a reason.
check_one() {
  "$formatter" --style=file "$1" |
    diff -u --label "$1" --label "$1 as it should be" "$1" - | head -20
}

# Most of the time it takes is the formatter's start: one start for all, and one for each only if something differs.
check_some() {
  local file wrong=0
  cmp -s <("$formatter" --style=file "$@") <(cat "$@") && return
  for file in "$@"; do
    check_one "$file" || wrong=1
  done
  return "$wrong"
}

expect() {
  local wanted=$1 got=0
  (check "$tree") || got=$?
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
  echo '}  // namespace a::inline b' | sed '1i namespace a::inline b {\nint x;' >>"$tree/core/x.cpp"
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
case "$1" in
  --self-test) self_test "$2" ;;
  --some) shift && check_some "$@" ;;
  *) check "$1" ;;
esac
