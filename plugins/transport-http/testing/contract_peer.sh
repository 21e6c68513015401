#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Peer of the contract tests: `shadowcat reverse` ($1) in front of the demo server ($2). Its first line is the URL of the
# endpoint, or of the path $3 (/sse: the stream of the HTTP+SSE pair).
export SHADOWCAT_REVERSE_PROXY__SSE__ENABLED=true
"$1" reverse --bind 127.0.0.1:0 --upstream "$2" 2>&1 |
    sed -nu "s#.*listening url=\(http://[^/ ]*\)\([^ ]*\).*#\1${3:-\\2}#p"
