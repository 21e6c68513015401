#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tests of bench/harness: what can be judged without peers and without load.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null ||
  { echo "SKIP: the benchmark's tests did not run: python3 (3.10 or newer) is missing"; exit 77; }
exec env PYTHONDONTWRITEBYTECODE=1 python3 -m unittest discover -s harness -t . -p '*_test.py'
