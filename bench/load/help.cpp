// SPDX-License-Identifier: Apache-2.0
// The help of bench-load's commands.
#include "help.hpp"

#define BENCH_CALL_HELP                                                                     \
    "  --request FILE   the JSON body; \"id\":1 in it becomes an id of its own each time\n" \
    "  --expect TEXT    stands in every right answer; may be repeated\n"
#define BENCH_URL_HELP                                                                    \
    "  --url URL        http://127.0.0.1:PORT/PATH; plain HTTP to an IPv4 address only\n" \
    "  --header 'K: V'  in addition, or instead of ours; may be repeated\n"
#define BENCH_SESSION_HELP                                                              \
    "  --session MODE   auto: one session for all (default), each: one a connection,\n" \
    "                   none: no initialize (the stateless era; give its headers)\n"
#define BENCH_TIMEOUT_HELP "  --timeout S      an answer later than that is an error (default 10)\n"
#define BENCH_CODES "exit codes: 0 all answers right, 1 a wrong, late or lost one, 2 wrong usage\n"

namespace bench {

const char* const kHelp =
    R"(usage: bench-load COMMAND [OPTIONS]      (bench-load COMMAND --help says more)
Asks MCP servers, checks every answer, and prints one JSON object.
  open   calls at a fixed rate; latency from the moment each was due
  churn  whole sessions: initialize, one call, DELETE
  idle   memory of idle sessions and idle streams
  pipe   calls over stdin and stdout, without any HTTP
  burst  many calls at once, and the memory they leave
  first  time from a program's start to its first right answer
)" BENCH_CODES;

const char* const kOpenHelp =
    R"(usage: bench-load open --url URL --rate R --connections C --seconds S --request FILE --expect TEXT
Calls at a fixed rate, however slow the answers are: latency counts from the moment a call was due
(no coordinated omission). Calls that were due but never sent count with the time they waited.
  --rate R         calls a second
  --connections C  at most so many calls under way; further ones wait, and that counts
  --seconds S      how long is measured, after --warmup S (default 0) at the same rate
)" BENCH_CALL_HELP BENCH_URL_HELP BENCH_SESSION_HELP BENCH_TIMEOUT_HELP
    R"(example: bench-load open --url http://127.0.0.1:8080/mcp --rate 2000 --connections 64
           --seconds 10 --warmup 2 --request call.json --expect hello
)" BENCH_CODES;

const char* const kChurnHelp =
    R"(usage: bench-load churn --url URL --connections C --seconds S
Each connection repeats: initialize (a new session), notifications/initialized, one call of the tool
echo, DELETE. Servers without session ids, or that refuse DELETE, are told apart. A connection whose
cycle fails stops.
)" BENCH_URL_HELP BENCH_TIMEOUT_HELP
    R"(example: bench-load churn --url http://127.0.0.1:8080/mcp --connections 16 --seconds 5
)" BENCH_CODES;

const char* const kIdleHelp =
    R"(usage: bench-load idle --url URL --pid P [--sessions N] [--streams N]
Opens idle sessions, then an idle GET stream in each of them, and says what each costs in resident
memory: of process P, and apart from it of all its descendants.
  --sessions N     default 1000, after a warm-up with a tenth of that
  --streams N      default as many; 0: none
A stream whose head doesn't come at once is kept and counted as unconfirmed; a refused one isn't.
)" BENCH_URL_HELP BENCH_TIMEOUT_HELP
    R"(example: bench-load idle --url http://127.0.0.1:8080/mcp --pid $(pidof shadowcat)
exit codes: 0 measured, 1 sessions could not be opened, 2 wrong usage
)";

const char* const kPipeHelp =
    R"(usage: bench-load pipe [--concurrency C] [--seconds S] --request FILE --expect TEXT -- COMMAND…
Starts a stdio server and keeps C calls under way, each with an id of its own: what a bridge to stdio
is compared with.
  --concurrency C  default 1
  --seconds S      default 3
)" BENCH_CALL_HELP
    R"(  --session MODE   auto: initialize first (default), none: don't (the stateless era)
)" BENCH_TIMEOUT_HELP
    R"(example: bench-load pipe --concurrency 64 --request call.json --expect hello -- bench-stdio-server
)" BENCH_CODES;

const char* const kBurstHelp =
    R"(usage: bench-load burst --url URL --pid P --connections C --request FILE --expect TEXT
Sends C calls at once and waits for all answers, several times: the peak of the resident memory of
process P and of its descendants during that, and what is left a while later. The connections stay
open until then.
  --connections C  calls at once
  --rounds R       default 1
  --settle S       seconds until the memory left is read (default 3)
)" BENCH_CALL_HELP BENCH_URL_HELP BENCH_SESSION_HELP BENCH_TIMEOUT_HELP
    R"(example: bench-load burst --url http://127.0.0.1:8080/mcp --pid 4711 --connections 256
           --rounds 3 --request mebibyte.json --expect end-of-text
)" BENCH_CODES;

const char* const kFirstHelp =
    R"(usage: bench-load first --url URL --request FILE --expect TEXT [--timeout-ms T] [-- COMMAND…]
Starts COMMAND, if there is one, tries every half millisecond, and prints the milliseconds from the
start to the first right answer to a call in a new session. COMMAND is ended afterwards.
  --timeout-ms T   when to give up (default 10000)
)" BENCH_CALL_HELP BENCH_URL_HELP
    R"(  --session MODE   auto: initialize first (default), none: the call alone
example: bench-load first --url http://127.0.0.1:8080/mcp --request call.json --expect hello --
           shadowcat reverse --bind 127.0.0.1:8080 --upstream http://127.0.0.1:9000/mcp
exit codes: 0 answered, 1 not in time or the command ended, 2 wrong usage
)";

}  // namespace bench
