// SPDX-License-Identifier: Apache-2.0
// Examples that help shows below the options.
#pragma once

namespace shadowcat::tape::examples {

inline constexpr const char* kTape =
    R"(TAPE is a file (a path), or the id, or the beginning of one, of a tape in the directory of tapes:
--dir, else $SHADOWCAT_TAPES, else $XDG_STATE_HOME/shadowcat/tapes, else
~/.local/state/shadowcat/tapes.

Examples:
  shadowcat forward --tape ./tapes -- python3 server.py
  shadowcat tape list --dir ./tapes
  shadowcat tape show 3f2a --dir ./tapes
  shadowcat tape diff before.jsonl after.jsonl

Exit codes: 0 success, 1 failure (or: errors found, tapes differ), 2 wrong usage.)";

inline constexpr const char* kList = R"(Examples:
  shadowcat tape list
  shadowcat tape list --dir ./tapes --sort size --limit 10
  shadowcat tape list --json | jq -r '.[].tape_id')";

inline constexpr const char* kShow =
    R"(A place on the tape is a frame's number (120) or a time since it began (1500ms, 2.5s, 3min).
A method may end with * (notifications/*). Without --events only notable events are shown: what the
server wrote to stderr, sessions and connections that open and close.

Examples:
  shadowcat tape show 3f2a
  shadowcat tape show 3f2a --from 2min --to 2.5min --method tools/call
  shadowcat tape show 3f2a --direction server --full --limit 5
  shadowcat tape show ./tapes/today.jsonl --follow
  shadowcat tape show 3f2a --json | jq 'select(.kind == "error")')";

inline constexpr const char* kValidate =
    R"(Prints every problem with its line. Errors make the exit code 1; warnings and notes don't. That
the last line of a tape without an end is torn is a note: it may still be recorded.

Examples:
  shadowcat tape validate 3f2a
  shadowcat tape validate ./tapes/*.jsonl
  shadowcat tape validate 3f2a --json)";

inline constexpr const char* kExport =
    R"(har      HTTP archive 1.2: the recorded HTTP exchanges; messages on stdio as POSTs made up for them
json     the whole tape as one document
curl     a shell script that sends the client's messages to a server
postman  a collection (v2.1) of the client's messages

Examples:
  shadowcat tape export 3f2a --format har --output session.har
  shadowcat tape export 3f2a --format curl --url http://127.0.0.1:8080/mcp > replay.sh
  shadowcat tape export 3f2a --format postman --output mcp.postman_collection.json)";

inline constexpr const char* kDiff =
    R"(Exchanges are aligned by method, name and params. Ids, tokens, and (without --exact) ISO times and
UUIDs in values are no differences. Pointers begin at the exchange: /params, /result, /error, /during
(messages that came along); * stands for any one key or index, ** for any number of them.

Examples:
  shadowcat tape diff before.jsonl after.jsonl
  shadowcat tape diff 3f2a 9c11 --ignore /result/content/*/text --ignore '/**/etag'
  shadowcat tape diff 3f2a 9c11 --json

Exit codes: 0 the same, 1 different, 2 a tape can't be read, or wrong usage.)";

inline constexpr const char* kStats = R"(Examples:
  shadowcat tape stats 3f2a
  shadowcat tape stats 3f2a --json | jq '.calls[] | {call, p99_ms}')";

inline constexpr const char* kDelete =
    R"(Deletes all parts of a tape and its metadata. Asks first when standard input is a terminal.

Examples:
  shadowcat tape delete 3f2a
  shadowcat tape delete 3f2a 9c11 --force)";

}  // namespace shadowcat::tape::examples
