// SPDX-License-Identifier: Apache-2.0
// bench-load: asks MCP servers in the ways that the benchmark needs, and trusts no answer.
#include "../wire/options.hpp"
#include "commands.hpp"
#include "help.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <string_view>

namespace bench {
namespace {

struct Command {
    std::string_view name;
    int (*run)(int argc, char** argv);
    const char* help;
};

const std::array<Command, 6> kCommands = {{{"open", open_loop_command, kOpenHelp},
                                           {"churn", churn_command, kChurnHelp},
                                           {"idle", idle_command, kIdleHelp},
                                           {"pipe", pipe_command, kPipeHelp},
                                           {"burst", burst_command, kBurstHelp},
                                           {"first", first_command, kFirstHelp}}};

int run_command(int argc, char** argv) {
    const std::string_view name = argc > 1 ? argv[1] : "";
    for (const Command& command : kCommands) {
        if (command.name != name) continue;
        if (asks_for_help(argc - 1, argv + 1)) return std::fputs(command.help, stdout) < 0;
        return command.run(argc - 2, argv + 2);
    }
    if (asks_for_help(argc, argv)) return std::fputs(kHelp, stdout) < 0;
    if (name.empty()) throw UsageError("a command is missing; see --help");
    throw UsageError("unknown command \"" + std::string(name) + "\"; see --help");
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return bench::run_command(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench-load: %s\n", error.what());
        return dynamic_cast<const bench::UsageError*>(&error) != nullptr ? 2 : 1;
    }
}
