// SPDX-License-Identifier: Apache-2.0
// shadowcat-demo-server: an MCP server over stdin and stdout.
#include "line_io.hpp"
#include "server.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string_view>

namespace {

constexpr std::size_t kMaxLine = 64 * 1024 * 1024;

constexpr const char* kHelp = R"(shadowcat-demo-server: a small MCP server over stdin and stdout

Usage: shadowcat-demo-server [--era both|legacy|modern] [--help | --version]

  --era both    serves sessions (2024-11-05 to 2025-11-25) and beside them stateless requests
                (2026-07-28), each as it comes; this is the default
  --era legacy  knows only sessions, as servers did before 2026
  --era modern  knows only stateless requests and refuses "initialize"

One JSON-RPC message a line; it ends with exit code 0 when its input ends. Behind Shadowcat:

  shadowcat reverse --upstream shadowcat-demo-server

Alone:

  echo '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' | shadowcat-demo-server
)";

int serve(demo::Era era) {
    demo::LineReader input(STDIN_FILENO, kMaxLine);
    demo::LineWriter output(STDOUT_FILENO);
    std::atomic<bool> client_gone = false;
    demo::Server server(
        [&](const demo::Json& message) {
            if (!output.write(message.dump())) client_gone = true;
        },
        era);
    while (!client_gone) {
        const auto line = input.next();
        if (!line) break;
        line->too_long ? server.refuse_long_line() : server.handle_line(line->text);
    }
    server.stop();
    return 0;
}

int refuse(const char* what, const char* argument) {
    std::fprintf(stderr, "shadowcat-demo-server: %s \"%s\"; try --help\n", what, argument);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    if (argc == 1) return serve(demo::Era::kBoth);
    const std::string_view option = argv[1];
    if (argc == 2 && option == "--help") return std::fputs(kHelp, stdout) < 0 ? 1 : 0;
    if (argc == 2 && option == "--version")
        return std::puts("shadowcat-demo-server " DEMO_SERVER_VERSION) < 0 ? 1 : 0;
    if (argc != 3 || option != "--era") return refuse("unexpected argument", argv[1]);
    const std::optional<demo::Era> era = demo::parse_era(argv[2]);
    return era ? serve(*era) : refuse("unknown era", argv[2]);
}
