#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Peer of the contract tests: `shadowcat reverse` ($1) in front of the demo server ($2). Its first line is host:port.
"$1" reverse --bind 127.0.0.1:0 --upstream "$2" 2>&1 |
    sed -nu 's/.*listening url=http:\/\/\([^/ ]*\).*/\1/p'
