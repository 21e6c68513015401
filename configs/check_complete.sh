#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: check_complete.sh SHADOWCAT FILE - fails when a key of the reference is not in FILE.
set -euo pipefail

# Keys of the listener stdio belong to forward mode, which has no file.
keys=$("$1" check --print-reference |
  awk -F'`' '/^## / { skip = /listener `stdio`/ } /^\| `/ && !skip { print $2 }' | sort -u)
[ "$(wc -w <<<"$keys")" -gt 40 ] || { echo "the reference lists too few keys: $keys" >&2; exit 1; }

missing=0
for key in $keys; do
  grep -Eq "(^|[ {-])$key:" "$2" && continue
  echo "$2 lacks the key $key" >&2
  missing=1
done
exit $missing
