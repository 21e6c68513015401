# SPDX-License-Identifier: Apache-2.0
# For the tests that use programs from npm: installs them, or skips where there is no npm to reach.

readonly skipped=77
readonly install_seconds=150

skip() {
  echo "SKIP: the tests with foreign MCP programs did not run: $*"
  exit "$skipped"
}

# Makes the path in a variable absolute; the tests run elsewhere.
require_program() {
  local path
  path=$(readlink -f "${!1}") && [ -x "$path" ] || { echo "$1=${!1} is no program" >&2; exit 1; }
  export "$1=$path"
}

require_node() {
  command -v node >/dev/null && command -v npm >/dev/null || skip "node or npm is not installed"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge "$1" ] || skip "node $major is too old, $1 is needed"
}

# Whether an npm log tells of a registry that could not be reached, and of nothing worse.
is_unreachable() {
  grep -qE 'code (E(NOTFOUND|CONN(REFUSED|RESET)|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH)|ERR_SOCKET_TIMEOUT)' "$1"
}

# Installs what package-lock.json in the current directory says.
install_packages() {
  local stamp=node_modules/.installed log=npm.log status=0
  cmp -s package-lock.json "$stamp" && return
  timeout --kill-after=5 "$install_seconds" npm ci --ignore-scripts --loglevel=error \
    >"$log" 2>&1 </dev/null || status=$?
  [ "$status" -ne 124 ] || skip "npm did not finish within $install_seconds seconds"
  if [ "$status" -ne 0 ]; then
    is_unreachable "$log" && skip "the npm registry cannot be reached: $(grep -m1 ' code ' "$log")"
    cat "$log" >&2
    exit 1
  fi
  cp package-lock.json "$stamp"
}
