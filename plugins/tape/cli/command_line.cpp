// SPDX-License-Identifier: Apache-2.0
// Declares subcommands and options. Value names double as hints for completions.
#include "cli/command_line.hpp"

#include "cli/command_help.hpp"
#include "format/safe_text.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace shadowcat::tape {

namespace {

constexpr const char* kTapeMeaning = "The tape: a file, or (the beginning of) an id";

std::string one_line_of(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    text.erase(text.find_last_not_of(". ") + 1);
    return text;
}

// CLI11 would read -1 as the greatest number there is.
std::string not_negative(const std::string& text) {
    return text.starts_with('-') ? "'" + text + "' is less than 0" : "";
}

std::vector<const CLI::App*> all_subcommands(const CLI::App& app) {
    return app.get_subcommands(
        std::function<bool(const CLI::App*)>([](const CLI::App*) { return true; }));
}

}  // namespace

CommandLine::CommandLine() : app_("Work with recorded MCP traffic.", "shadowcat tape") {
    app_.footer(examples::kTape);
    app_.require_subcommand(0, 1);
    add_list();
    add_show();
    add_validate();
    add_export();
    add_diff();
    add_stats();
    add_delete();
}

CLI::App* CommandLine::add(const char* name, const char* description, const char* footer) {
    CLI::App* const command = app_.add_subcommand(name, description);
    command->footer(footer);
    command->add_option("--dir", directory, "The directory of tapes")->type_name("DIR");
    return command;
}

void CommandLine::add_list() {
    CLI::App* const command = add("list", "The tapes of a directory", examples::kList);
    command->add_flag("--json", list.json, "One JSON array");
    command->add_option("--sort", order_, "What comes first: newest, largest, most frames")
        ->type_name("created|size|frames");
    command->add_option("--limit", list.limit, "Show at most so many")
        ->type_name("N")
        ->check(not_negative);
}

void CommandLine::add_show() {
    CLI::App* const command = add("show", "One line for each message", examples::kShow);
    command->add_option("tape", show.tape, kTapeMeaning)->type_name("TAPE")->required();
    command->add_option("--from", from_, "Begin at this frame or time")->type_name("N|TIME");
    command->add_option("--to", to_, "End behind this frame or time")->type_name("N|TIME");
    command->add_option("--method", show.methods, "Only these methods and their answers")
        ->type_name("METHOD")
        ->allow_extra_args(false);
    command->add_option("--direction", direction_, "Only what this side sent")
        ->type_name("client|server");
    command->add_option("--limit", show.limit, "Show at most so many messages")
        ->type_name("N")
        ->check(not_negative);
    command->add_flag("--json", show.json, "The tape's lines, one JSON object per line");
    command->add_flag("--full", show.full, "Whole messages, indented");
    command->add_flag("--events{1},--no-events{-1}", events_, "Show all transport events, or none");
    command->add_flag("--follow", show.follow, "Go on while the tape is written");
}

void CommandLine::add_validate() {
    CLI::App* const command = add("validate", "All that is wrong with a tape", examples::kValidate);
    command->add_option("tapes", validate.tapes, kTapeMeaning)->type_name("TAPE")->required();
    command->add_flag("--json", validate.json, "One JSON object for each problem, and a summary");
}

void CommandLine::add_export() {
    CLI::App* const command = add("export", "A tape for other programs", examples::kExport);
    command->add_option("tape", exported.tape, kTapeMeaning)->type_name("TAPE")->required();
    command->add_option("--format", format_, "What to write")
        ->type_name("har|json|curl|postman")
        ->required();
    command
        ->add_option("--output", exported.output,
                     "The file to write, which only you can read (default: the standard output)")
        ->type_name("FILE");
    command
        ->add_option("--url", exported.url,
                     "Where requests go (default: the recorded server's URL, else "
                     "http://127.0.0.1:8080/mcp)")
        ->type_name("URL");
    command->add_flag("--force", exported.force, "Replace a file that exists");
}

void CommandLine::add_diff() {
    CLI::App* const command = add("diff", "What differs between two tapes", examples::kDiff);
    command->add_option("a", diff.a, "The tape with what is expected")
        ->type_name("TAPE")
        ->required();
    command->add_option("b", diff.b, "The tape with what came instead")
        ->type_name("TAPE")
        ->required();
    command->add_option("--ignore", ignored_, "Pass over what is at this JSON pointer")
        ->type_name("POINTER")
        ->allow_extra_args(false);
    command->add_flag("--exact", exact_, "Compare times and UUIDs too");
    command->add_flag("--json", diff.json, "One JSON object for each difference, and a summary");
}

void CommandLine::add_stats() {
    CLI::App* const command = add("stats", "Latencies, sizes and rates", examples::kStats);
    command->add_option("tape", stats.tape, kTapeMeaning)->type_name("TAPE")->required();
    command->add_flag("--json", stats.json, "One JSON object");
}

void CommandLine::add_delete() {
    CLI::App* const command = add("delete", "Remove tapes", examples::kDelete);
    command->add_option("tapes", deleted.tapes, kTapeMeaning)->type_name("TAPE")->required();
    command->add_flag("--force", deleted.force,
                      "Don't ask; delete also what is still recorded or can't be read");
}

std::string CommandLine::parsed() const {
    for (const CLI::App* command : all_subcommands(app_)) {
        if (command->parsed()) return command->get_name();
    }
    return {};
}

sdk::Error CommandLine::usage(const std::string& message) const {
    const std::string name = parsed();
    const std::string path = name.empty() ? "tape" : "tape " + name;
    return sdk::Error(sdk::ErrorCode::config, path + ": " + safe_text(one_line_of(message)) +
                                                  " (see 'shadowcat " + path + " --help')");
}

sdk::Result<bool> CommandLine::parse(const std::vector<std::string>& arguments) {
    try {
        app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::Success&) {
        help = app_.help();
        return false;
    } catch (const CLI::ExtrasError&) {
        const auto extras = app_.remaining(true);
        return usage("what is '" + (extras.empty() ? "" : extras.front()) + "'?");
    } catch (const CLI::ParseError& error) {
        return usage(error.what());
    }
    return read_values();
}

std::vector<sdk::CommandWord> CommandLine::words() const {
    using Kind = sdk::CommandWord::Kind;
    std::vector<sdk::CommandWord> out;
    for (const CLI::App* command : all_subcommands(app_)) {
        const std::string& name = command->get_name();
        out.emplace_back(Kind::subcommand, name, command->get_description());
        for (const CLI::Option* option : command->get_options()) {
            if (option->get_positional())
                out.emplace_back(Kind::file, "TAPE", option->get_description(), name);
            for (const std::string& flag : option->get_lnames()) {
                out.emplace_back(Kind::flag, "--" + flag, option->get_description(), name);
                if (option->get_items_expected_max() > 0)
                    out.back().values = option->get_type_name();
            }
        }
    }
    return out;
}

}  // namespace shadowcat::tape
