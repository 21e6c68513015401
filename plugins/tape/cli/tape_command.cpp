// SPDX-License-Identifier: Apache-2.0
// Parses, then performs one subcommand.
#include "cli/tape_command.hpp"

#include "cli/command_line.hpp"

namespace shadowcat::tape {

namespace {

int perform(const CommandLine& line, Console& console) {
    const TapeChoice choice(line.directory);
    const std::string command = line.parsed();
    if (command == "list") return run_list(line.list, choice, console);
    if (command == "show") return run_show(line.show, choice, console);
    if (command == "validate") return run_validate(line.validate, choice, console);
    if (command == "export") return run_export(line.exported, choice, console);
    if (command == "diff") return run_diff(line.diff, choice, console);
    if (command == "stats") return run_stats(line.stats, choice, console);
    return run_delete(line.deleted, choice, console, terminal_question(console));
}

}  // namespace

std::vector<sdk::CommandWord> TapeCommand::words() const { return CommandLine().words(); }

int TapeCommand::run(const std::vector<std::string>& arguments, sdk::CommandContext& context) {
    Console console(context);
    CommandLine line;
    const auto parsed = line.parse(arguments);
    if (!parsed) return console.refuse(parsed.error().message());
    if (!*parsed) {
        console.out() << line.help;
        return 0;
    }
    return perform(line, console);
}

}  // namespace shadowcat::tape
