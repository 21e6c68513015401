// SPDX-License-Identifier: Apache-2.0
// The help of bench-load's commands.
#include "help.hpp"

#define BENCH_COMMON_HELP                                                                          \
    "  --request FILE   the JSON body; \"id\":1 in it becomes an id of its own for each request\n" \
    "  --expect TEXT    stands in every right answer; may be repeated\n"
#define BENCH_HTTP_HELP                                                                          \
    "  --url URL        http://127.0.0.1:PORT/PATH; plain HTTP to an IPv4 address only\n"        \
    "  --header 'K: V'  in addition, or instead of ours; may be repeated\n"                      \
    "  --session MODE   auto: one session for all (default), each: one for each connection,\n"   \
    "                   none: no initialize (the stateless era; give its headers by --header)\n" \
    "  --timeout S      an answer later than that is an error (default 10)\n"
#define BENCH_CODES "exit codes: 0 all answers right, 1 a wrong, late or lost one, 2 wrong usage\n"

namespace bench {

const char* const kHelp =
    "usage: bench-load COMMAND [OPTIONS]      (bench-load COMMAND --help says more)\n"
    "Asks MCP servers, checks every answer, and prints one JSON object.\n"
    "  open   calls at a fixed rate; latency from the moment each was due\n"
    "  churn  whole sessions: initialize, one call, DELETE\n"
    "  idle   memory of idle sessions and idle streams\n"
    "  pipe   calls over stdin and stdout, without any HTTP\n"
    "  burst  many calls at once, and the memory they leave\n"
    "  first  time from a program's start to its first right answer\n" BENCH_CODES;

const char* const kOpenHelp =
    "usage: bench-load open --url URL --rate R --connections C --seconds S --request FILE --expect "
    "TEXT\n"
    "Calls at a fixed rate, however slow the answers are: latency counts from the moment a call "
    "was\n"
    "due (no coordinated omission). Calls that were due but never sent count with the time they "
    "waited.\n"
    "  --rate R         calls a second\n"
    "  --connections C  at most so many calls under way; further ones wait, and that counts\n"
    "  --seconds S      how long is measured, after --warmup S (default 0) at the same "
    "rate\n" BENCH_COMMON_HELP BENCH_HTTP_HELP
    "example: bench-load open --url http://127.0.0.1:8080/mcp --rate 2000 --connections 64 "
    "--seconds 10\n"
    "           --warmup 2 --request call.json --expect hello\n" BENCH_CODES;

const char* const kChurnHelp =
    "usage: bench-load churn --url URL --connections C --seconds S\n"
    "Each connection repeats: initialize (a new session), notifications/initialized, one call of "
    "the\n"
    "tool echo, DELETE. Servers without session ids, or that refuse DELETE, are told apart.\n"
    "  --url URL        http://127.0.0.1:PORT/PATH; plain HTTP to an IPv4 address only\n"
    "  --header 'K: V'  in addition, or instead of ours; may be repeated\n"
    "  --timeout S      an answer later than that is an error (default 10)\n"
    "example: bench-load churn --url http://127.0.0.1:8080/mcp --connections 16 --seconds "
    "5\n" BENCH_CODES;

const char* const kIdleHelp =
    "usage: bench-load idle --url URL --pid P [--sessions N] [--streams N]\n"
    "Opens idle sessions, then an idle GET stream in each of them, and says what each costs in "
    "resident\n"
    "memory: of process P, and apart from it of all its descendants.\n"
    "  --sessions N     default 1000, after a warm-up with a tenth of that\n"
    "  --streams N      default 1000, at most as many as sessions; 0: none\n"
    "  --header 'K: V'  in addition, or instead of ours; may be repeated\n"
    "  --timeout S      for each answer (default 10)\n"
    "A stream whose head doesn't come at once is kept and counted as unconfirmed; a refused one "
    "isn't.\n"
    "example: bench-load idle --url http://127.0.0.1:8080/mcp --pid $(pidof shadowcat)\n"
    "exit codes: 0 measured, 1 sessions could not be opened, 2 wrong usage\n";

const char* const kPipeHelp =
    "usage: bench-load pipe [--concurrency C] [--seconds S] --request FILE --expect TEXT -- "
    "COMMAND…\n"
    "Starts a stdio server and keeps C calls under way, each with an id of its own: what a bridge "
    "to\n"
    "stdio is compared with.\n"
    "  --concurrency C  default 1\n"
    "  --seconds S      default 3\n" BENCH_COMMON_HELP
    "  --session MODE   auto: initialize first (default), none: don't (the stateless era)\n"
    "  --timeout S      an answer later than that is an error (default 10)\n"
    "example: bench-load pipe --concurrency 64 --request call.json --expect hello -- "
    "bench-stdio-server\n" BENCH_CODES;

const char* const kBurstHelp =
    "usage: bench-load burst --url URL --pid P --connections C --request FILE --expect TEXT "
    "[--rounds R]\n"
    "Sends C calls at once and waits for all answers, R times (default 1): the peak of the "
    "resident\n"
    "memory of process P and of its descendants during that, and what is left 3 s later. The "
    "connections\n"
    "stay open until then.\n" BENCH_COMMON_HELP BENCH_HTTP_HELP
    "example: bench-load burst --url http://127.0.0.1:8080/mcp --pid 4711 --connections 256 "
    "--rounds 3\n"
    "           --request mebibyte.json --expect end-of-text\n" BENCH_CODES;

const char* const kFirstHelp =
    "usage: bench-load first --url URL --request FILE --expect TEXT [--timeout-ms T] [-- "
    "COMMAND…]\n"
    "Starts COMMAND, if there is one, tries every half millisecond, and prints the milliseconds "
    "from the\n"
    "start to the first right answer to a call in a new session. COMMAND is ended afterwards.\n"
    "  --timeout-ms T   when to give up (default 10000)\n" BENCH_COMMON_HELP
    "  --url URL        http://127.0.0.1:PORT/PATH; plain HTTP to an IPv4 address only\n"
    "  --header 'K: V'  in addition, or instead of ours; may be repeated\n"
    "  --session MODE   auto: initialize first (default), none: the call alone\n"
    "example: bench-load first --url http://127.0.0.1:8080/mcp --request call.json --expect hello "
    "--\n"
    "           shadowcat reverse --bind 127.0.0.1:8080 --upstream http://127.0.0.1:9000/mcp\n"
    "exit codes: 0 answered, 1 not in time or the command ended, 2 wrong usage\n";

}  // namespace bench
