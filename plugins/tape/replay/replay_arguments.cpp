// SPDX-License-Identifier: Apache-2.0
// Flags, their help, and which of them go together.
#include "replay/replay_arguments.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace shadowcat::tape {

namespace {

constexpr const char* kReplayFooter =
    R"(TAPE is a file, or the id of a tape (or the beginning of one). Without --verify the tape is a
server: on stdin and stdout, or with --listen over HTTP, for clients of either era. With --verify
the tape is a client: what it asked is asked again of a live server, and the answers are compared.
Exit codes: 0 success, 1 failure or a difference, 2 wrong usage.

Examples:
  shadowcat replay session.jsonl
  shadowcat replay 3f2a --listen 127.0.0.1:8080 --timing recorded
  shadowcat replay 3f2a --on-no-match upstream --upstream "python3 server.py"
  shadowcat replay --verify session.jsonl -- python3 server.py
  shadowcat replay --verify session.jsonl --call-tools --ignore '/result/**/etag' \
    --junit report.xml --upstream https://mcp.example.com/mcp)";

constexpr std::size_t kLongestTimeout = 86400;

class ReplayParser {
public:
    ReplayParser() : app_("Serve a tape as an MCP server, or check a server against it.") {
        app_.name("shadowcat replay");
        app_.footer(kReplayFooter);
        app_.add_option("tape", made_.tape, "The tape")->type_name("TAPE");
        add_common();
        add_serving();
        add_verifying();
    }

    sdk::Result<ReplayArguments> parse(std::vector<std::string> arguments) {
        const auto dashes = std::ranges::find(arguments, "--");
        if (dashes != arguments.end()) {
            made_.command.emplace(dashes + 1, arguments.end());
            arguments.erase(dashes, arguments.end());
        }
        std::ranges::reverse(arguments);
        try {
            app_.parse(std::move(arguments));
        } catch (const CLI::Success&) {
            made_.help = app_.help();
            return made_;
        } catch (const CLI::ParseError& error) {
            return wrong(error.what());
        }
        const std::string why = contradiction();
        if (!why.empty()) return wrong(why);
        return made_;
    }

    std::vector<sdk::CommandWord> words() const {
        std::vector<sdk::CommandWord> all;
        all.emplace_back(sdk::CommandWord::Kind::file, "TAPE", "The tape");
        for (const CLI::Option* option : app_.get_options()) {
            for (const std::string& name : option->get_lnames()) {
                all.emplace_back(sdk::CommandWord::Kind::flag, "--" + name,
                                 option->get_description());
                if (option->get_items_expected_max() > 0)
                    all.back().values = option->get_type_name();
            }
        }
        return all;
    }

private:
    void add_common() {
        app_.add_option("--dir", made_.directory, "Where ids of tapes are looked up")
            ->type_name("DIR");
        app_.add_flag("--allow-redacted", made_.allow_redacted,
                      "Replay a tape in which messages were redacted");
        app_.add_option("--upstream", made_.upstream,
                        "The live server: a URL, or a command line that starts it")
            ->type_name("URL|COMMAND");
    }

    void add_serving() {
        app_.add_option("--listen", made_.listen, "Serve HTTP clients here")
            ->type_name("ADDRESS:PORT");
        add_choice("--timing", made_.timing, "At once, or with the recorded delays",
                   {"instant", "recorded"});
        app_.add_option("--speed", made_.speed, "With --timing recorded: 2 is twice as fast")
            ->type_name("FACTOR");
        add_choice("--match", made_.match, "How alike a request must be to the recorded one",
                   {"normalised", "strict"});
        add_choice("--on-no-match", made_.on_no_match,
                   "What a request gets that the tape doesn't have",
                   {"error", "closest", "upstream"});
        app_.add_option("--log-level", made_.log_level, "Least severe lines written to stderr")
            ->type_name("trace|debug|info|warn|error|off");
    }

    void add_verifying() {
        app_.add_flag("--verify", made_.verify, "Check a live server against the tape");
        app_.add_flag("--call-tools", made_.call_tools,
                      "Call tools too: they may do again what they did");
        app_.add_option("--ignore", made_.ignored,
                        "Values that may differ, e.g. /result/content/*/text; may be repeated")
            ->type_name("POINTER")
            ->allow_extra_args(false);
        app_.add_option("--junit", made_.junit, "Write the report as JUnit XML")->type_name("FILE");
        app_.add_option("--timeout", made_.timeout_secs, "Longest wait for an answer")
            ->type_name("SECS");
    }

    class Choice {
    public:
        Choice(const char* of, const std::string& given_value, std::vector<std::string> all)
            : flag(of), value(given_value), choices(std::move(all)) {}
        const char* flag;
        const std::string& value;
        std::vector<std::string> choices;
    };

    static std::string joined_choices(const std::vector<std::string>& choices,
                                      const char* between) {
        std::string names;
        for (const std::string& choice : choices)
            names += (names.empty() ? "" : between) + choice;
        return names;
    }

    void add_choice(const char* flag, std::string& value, const char* meaning,
                    const std::vector<std::string>& choices) {
        const std::string names = joined_choices(choices, "|");
        app_.add_option(flag, value, meaning)->type_name(names);
        choices_.emplace_back(flag, value, choices);
    }

    bool given(const char* flag) const { return app_.count(flag) > 0; }

    std::string contradiction() const {
        if (made_.tape.empty()) return "name the tape: a file, or its id";
        for (const Choice& choice : choices_)
            if (std::ranges::find(choice.choices, choice.value) == choice.choices.end())
                return std::string(choice.flag) + ": '" + choice.value + "' is none of " +
                       joined_choices(choice.choices, ", ");
        if (made_.timeout_secs < 1 || made_.timeout_secs > kLongestTimeout)
            return "--timeout must be between 1 and 86400";
        return made_.verify ? wrong_verifying() : wrong_serving();
    }

    std::string wrong_verifying() const {
        for (const char* flag :
             {"--listen", "--timing", "--speed", "--match", "--on-no-match", "--allow-redacted"})
            if (given(flag)) return std::string(flag) + " makes no sense with --verify";
        if (made_.command && given("--upstream"))
            return "give either --upstream or '-- COMMAND', not both";
        if (!made_.command && !given("--upstream"))
            return "name the server: '-- COMMAND ARGS' or --upstream URL";
        if (made_.command && made_.command->empty()) return "a command must follow '--'";
        return {};
    }

    std::string wrong_serving() const {
        for (const char* flag : {"--call-tools", "--ignore", "--junit", "--timeout"})
            if (given(flag)) return std::string(flag) + " needs --verify";
        if (made_.command) return "a command behind '--' needs --verify";
        const bool live = made_.on_no_match == "upstream";
        if (live && !given("--upstream")) return "--on-no-match upstream needs --upstream";
        if (!live && given("--upstream"))
            return "--upstream needs --verify or --on-no-match upstream";
        if (made_.speed && made_.timing != "recorded") return "--speed needs --timing recorded";
        return {};
    }

    static sdk::Error wrong(std::string text) {
        std::ranges::replace(text, '\n', ' ');
        while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
            text.pop_back();
        return sdk::Error(sdk::ErrorCode::config,
                          "replay: " + text + " (see 'shadowcat replay --help')");
    }

    ReplayArguments made_;
    CLI::App app_;
    std::vector<Choice> choices_;
};

}  // namespace

sdk::Result<ReplayArguments> ReplayArguments::parse(const std::vector<std::string>& arguments) {
    return ReplayParser().parse(arguments);
}

std::vector<sdk::CommandWord> replay_words() { return ReplayParser().words(); }

}  // namespace shadowcat::tape
