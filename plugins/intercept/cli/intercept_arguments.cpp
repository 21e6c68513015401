// SPDX-License-Identifier: Apache-2.0
// Subcommands and options, as CLI11 reads them.
#include "cli/intercept_arguments.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>

namespace shadowcat::intercept {

namespace {

constexpr const char* kAbout =
    "Handle the messages that rules with `break` have paused in a running proxy";

constexpr const char* kFooter =
    R"(A message waits until it is resumed or dropped, or until its rule's deadline has passed.

Examples:
  shadowcat intercept list --follow
  shadowcat intercept show 3
  shadowcat intercept edit 3 --resume
  shadowcat intercept resume all)";

constexpr const char* kListFooter = R"(Examples:
  shadowcat intercept list
  shadowcat intercept list --follow
  shadowcat intercept list --json | jq .method)";

constexpr const char* kShowFooter = R"(Examples:
  shadowcat intercept show 3
  shadowcat intercept show 3 --raw > message.json)";

constexpr const char* kEditFooter =
    R"(Without --file the message opens in $VISUAL or $EDITOR (no shell is run). It must stay a message of
its kind with its id, and waits on unless --resume is given.

Examples:
  shadowcat intercept edit 3
  shadowcat intercept edit 3 --resume
  shadowcat intercept show 3 --raw | sed s/7/8/ | shadowcat intercept edit 3 --file - --resume)";

constexpr const char* kResumeFooter = R"(Examples:
  shadowcat intercept resume 3
  shadowcat intercept resume all)";

constexpr const char* kDropFooter =
    R"(A dropped request is answered with an error, and a dropped response likewise.

Examples:
  shadowcat intercept drop 3
  shadowcat intercept drop all --proxy 4711)";

constexpr const char* kRulesFooter = R"(Examples:
  shadowcat intercept rules
  shadowcat intercept rules --json | jq 'select(.failed > 0)')";

class InterceptParser {
public:
    InterceptParser() : app_(kAbout, "shadowcat intercept") {
        app_.footer(kFooter);
        app_.require_subcommand(1);
        CLI::App& list = add("list", "What is paused", kListFooter);
        list.add_flag("--follow", out_.follow, "Go on with whatever is paused and released");
        add_json(list);
        CLI::App& show = add("show", "One message's JSON", kShowFooter);
        show.add_flag("--raw", out_.raw, "As it is, on one line");
        add_id(show, "ID");
        CLI::App& edit = add("edit", "Replace a message by another", kEditFooter);
        edit.add_option("--file", out_.file, "Take the text from there; -: from stdin")
            ->type_name("FILE");
        edit.add_flag("--resume", out_.resume, "Then let it go");
        add_id(edit, "ID");
        add_id(add("resume", "Let messages go on", kResumeFooter), "ID|all");
        add_id(add("drop", "Let messages vanish", kDropFooter), "ID|all");
        add_json(add("rules", "The rules, and how often they were applied", kRulesFooter));
    }

    CLI::App& app() noexcept { return app_; }
    const std::string& id() const noexcept { return id_; }

    InterceptArguments arguments() const {
        InterceptArguments out = out_;
        out.subcommand = app_.get_subcommands().front()->get_name();
        return out;
    }

private:
    CLI::App& add(const char* name, const char* meaning, const char* footer) {
        CLI::App& command = *app_.add_subcommand(name, meaning);
        command.footer(footer);
        command
            .add_option("--proxy", out_.proxy,
                        "The proxy: its process id or its control socket (default: the only one)")
            ->type_name("PID|FILE");
        return command;
    }

    void add_id(CLI::App& command, const char* type) {
        command.add_option("id", id_, "As 'intercept list' calls it")->type_name(type)->required();
    }

    void add_json(CLI::App& command) {
        command.add_flag("--json", out_.json, "One JSON object per line, for programs");
    }

    CLI::App app_;
    InterceptArguments out_;
    std::string id_;
};

sdk::Error misuse(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
        text.pop_back();
    return sdk::Error(sdk::ErrorCode::config, text);
}

sdk::Result<Json> id_from(const std::string& text, bool all_allowed) {
    if (text.empty() || (all_allowed && text == "all")) return Json(text);
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc() && end == text.data() + text.size()) return Json(number);
    return misuse("'" + text + "' is no message's number" + (all_allowed ? ", nor 'all'" : ""));
}

/// The help that was asked for: a subcommand's, or that of all.
std::string help_of(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app.help() : chosen.front()->help("shadowcat intercept");
}

void add_words(const CLI::App& command, std::vector<sdk::CommandWord>& words) {
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            auto& word = words.emplace_back(sdk::CommandWord::Kind::flag, "--" + name,
                                            option->get_description(), command.get_name());
            if (option->get_type_size() > 0) word.values = option->get_type_name();
        }
    }
}

}  // namespace

sdk::Result<InterceptArguments> parse_intercept(const std::vector<std::string>& arguments) {
    InterceptParser parser;
    try {
        parser.app().parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::Success&) {
        InterceptArguments out;
        out.help = help_of(parser.app());
        return out;
    } catch (const CLI::ParseError& error) {
        return misuse(error.what());
    }
    InterceptArguments out = parser.arguments();
    const bool all_allowed = out.subcommand == "resume" || out.subcommand == "drop";
    sdk::Result<Json> id = id_from(parser.id(), all_allowed);
    if (id.has_error()) return id.error();
    out.id = *std::move(id);
    return out;
}

std::vector<sdk::CommandWord> intercept_words() {
    std::vector<sdk::CommandWord> words;
    InterceptParser parser;
    const auto every = [](const CLI::App*) { return true; };
    for (const CLI::App* command : std::as_const(parser.app()).get_subcommands(every)) {
        words.emplace_back(sdk::CommandWord::Kind::subcommand, command->get_name(),
                           command->get_description());
        add_words(*command, words);
    }
    return words;
}

}  // namespace shadowcat::intercept
