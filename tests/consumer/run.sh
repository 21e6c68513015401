#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh TEMPLATE BUILD [CXXFLAGS]: plays a plugin author who has only what `cmake --install` gives.
#
# Installs BUILD, builds the plugin repository TEMPLATE against it, runs its tests, and passes MCP
# traffic from an HTTP client through the installed proxy and that plugin to a server behind TCP.
set -euo pipefail

template=$1
build=$2
flags=${3:-}
root=$(mktemp -d "${TMPDIR:-/tmp}/shadowcat-consumer.XXXXXX")
prefix=$root/prefix
peer='' proxy=''

fail() {
  echo "FAILED: $*" >&2
  [ -f "$root/proxy.log" ] && sed 's/^/  proxy: /' "$root/proxy.log" >&2
  exit 1
}

# Prints the processes that run a program below $root.
processes() {
  local exe
  for exe in /proc/[0-9]*/exe; do
    case $(readlink "$exe" 2>/dev/null || true) in
      "$root"/*) echo "${exe//[^0-9]/}" ;;
    esac
  done
}

cleanup() {
  [ -z "$proxy" ] || kill -KILL "$proxy" 2>/dev/null || true
  [ -z "$peer" ] || kill -KILL "$peer" 2>/dev/null || true
  rm -rf "$root"
}
trap cleanup EXIT

# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

step() { echo "== $*"; }

# Installed to one place and moved to another: nothing may depend on where.
install_sdk() {
  cmake --install "$build" --prefix "$root/elsewhere" >"$root/install.log" ||
    fail "cmake --install: $(tail -3 "$root/install.log")"
  mv "$root/elsewhere" "$prefix"
}

build_template() {
  local launcher=()
  command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  cmake -G Ninja -S "$template" -B "$root/build" "${launcher[@]}" "-DCMAKE_CXX_FLAGS=$flags" \
    "-DCMAKE_PREFIX_PATH=$prefix" >"$root/configure.log" 2>&1 || fail "$(cat "$root/configure.log")"
  cmake --build "$root/build" >"$root/build.log" 2>&1 || fail "$(tail -40 "$root/build.log")"
  ! grep -n 'warning:' "$root/build.log" || fail "the template compiles with warnings"
}

start_peer() {
  "$root/build/tests/tcp-peer" "$prefix/bin/shadowcat-demo-server" >"$root/peer.port" &
  peer=$!
  wait_for 20 test -s "$root/peer.port" || fail "tcp-peer printed no port"
}

# The template's own configuration, from the folder it is written for.
start_proxy() {
  cd "$root"
  TCP_PORT=$(cat peer.port) "$prefix/bin/shadowcat" reverse --config "$template/shadowcat.yaml" \
    --bind 127.0.0.1:0 2>proxy.log &
  proxy=$!
  wait_for 20 grep -q 'listening' proxy.log || fail "the proxy does not listen"
  url=$(grep -o 'http://[^ ]*' proxy.log | head -1)
}

# post BODY [HEADER…]: the answer's headers go to $root/headers.
post() {
  local body=$1 header
  shift
  local headers=()
  for header in "$@"; do headers+=(-H "$header"); done
  curl -sS --max-time 20 -D "$root/headers" -X POST "$url" "${headers[@]}" \
    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    --data "$body"
}

expect() {
  case $2 in *"$1"*) ;; *) fail "expected $1 in: $2" ;; esac
}

talk() {
  local session answer
  answer=$(post '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{
    "protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"consumer","version":"1"}}}')
  expect '"serverInfo"' "$answer"
  expect 'shadowcat-demo' "$answer"
  session=$(tr -d '\r' <"$root/headers" | sed -n 's/^[Mm]cp-[Ss]ession-[Ii]d: //p')
  [ -n "$session" ] || fail "no session id in: $(cat "$root/headers")"
  post '{"jsonrpc":"2.0","method":"notifications/initialized"}' "Mcp-Session-Id: $session"
  answer=$(post '{"jsonrpc":"2.0","id":"two","method":"tools/call","params":{
    "name":"echo","arguments":{"message":"through a stranger: ä漢🐈"}}}' "Mcp-Session-Id: $session")
  expect 'through a stranger: ä漢🐈' "$answer"
  expect '"id":"two"' "$answer"
}

stop_all() {
  kill -TERM "$proxy"
  wait "$proxy" || fail "the proxy ended with $?"
  proxy=''
  kill -TERM "$peer"
  wait "$peer" || true
  peer=''
  nobody_left() { [ -z "$(processes)" ]; }
  wait_for 20 nobody_left || fail "left behind: $(processes)"
}

step "install, and move the prefix"
install_sdk
step "build the template against it"
build_template
step "its own tests, the contract among them"
(cd "$root/build" && ctest --output-on-failure --no-tests=error) || fail "the template's tests"
step "install the plugin beside the built-in ones"
cmake --install "$root/build" >/dev/null || fail "cmake --install of the template"
"$prefix/bin/shadowcat" plugins inspect "$(find "$prefix" -name transport-tcp.so)" ||
  fail "plugins inspect"
step "MCP through HTTP, the proxy, the plugin and TCP to the demo server"
start_peer
start_proxy
talk
step "stop"
stop_all
echo "all fine"
