#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What operators ask of a gateway: memory of 10,000 idle sessions and 1,000 streams, a server killed under load, reloads
# under load. usage: bench/operations.sh [BUILD_DIR]     (about a minute)
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
build=${1:-build/release}
cmake --build "$build" --target quickstart hold-sessions failover >/dev/null
echo "== idle sessions and streams, stdio server shared by all"
"$build/bin/hold-sessions" 10000 1000 shared
echo "== the same, HTTP server, one upstream session each"
"$build/bin/hold-sessions" 10000 1000 http
echo "== failover and reload under load, 8 clients"
"$build/bin/failover"
