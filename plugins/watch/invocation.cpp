// SPDX-License-Identifier: Apache-2.0
// The options of `shadowcat watch`, as CLI11 reads them.
#include "invocation.hpp"

#include "serve_viewer.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace shadowcat::watch {

namespace {

constexpr const char* kAbout = "Show the traffic of a running proxy, one line per message";

constexpr const char* kFooter =
    R"(Without --proxy it attaches to the only proxy of this user. Patterns know * and ?; an option that
can be repeated shows what matches any of its values. Ctrl-C ends; the proxy goes on.

Examples:
  shadowcat watch
  shadowcat watch --tool 'search*' --payload
  shadowcat watch --errors --slow 500
  shadowcat watch --proxy 4711 --json | jq .ms)";

/// The app and where it puts values.
class Parser {
public:
    Parser() : app_(kAbout, "shadowcat watch") {
        app_.footer(kFooter);
        add_proxy_and_filters();
        add_appearance();
    }

    CLI::App& app() noexcept { return app_; }
    const std::string& colour() const noexcept { return colour_; }

    Invocation invocation() const {
        Invocation out;
        out.proxy = proxy_;
        out.request = request();
        out.json = json_;
        out.colour = colour_choice(colour_);
        return out;
    }

private:
    using Values = std::vector<std::string>;

    void add_patterns(const char* option, const char* meaning, const char* type, Values& values) {
        app_.add_option(option, values, meaning)->type_name(type)->allow_extra_args(false);
    }

    void add_proxy_and_filters() {
        app_.add_option("--proxy", proxy_, "The proxy: its process id or its control socket")
            ->type_name("PID|FILE");
        add_patterns("--method", "Only requests of this method and their answers; repeatable",
                     "GLOB", methods_);
        add_patterns("--tool", "Only this tool (or prompt, or resource's URI); repeatable", "GLOB",
                     tools_);
        add_patterns("--session", "Only this session, as logs call it; repeatable", "GLOB",
                     sessions_);
        add_patterns("--upstream", "Only this upstream; repeatable", "GLOB", upstreams_);
        app_.add_option("--direction", direction_, "Only messages of this direction")
            ->type_name("client_to_server|server_to_client");
        app_.add_flag("--errors", errors_, "Only what went wrong");
        app_.add_option("--slow", slow_, "Only answers that took at least so many milliseconds")
            ->type_name("MS");
        app_.add_option("--contains", contains_, "Only messages with this text in their JSON")
            ->type_name("TEXT");
    }

    void add_appearance() {
        app_.add_flag("--payload", payload_, "Show the beginning of each message's JSON too");
        app_.add_option("--max-payload-bytes", max_payload_, "How much of it (default 500)")
            ->type_name("N");
        app_.add_flag("--json", json_, "Print one JSON object per line, for programs");
        app_.add_option("--color", colour_, "When to use colors (default auto)")
            ->type_name("auto|always|never");
    }

    sdk::Json request() const {
        sdk::Json out = {{"verb", "watch"},       {"methods", methods_},     {"tools", tools_},
                         {"sessions", sessions_}, {"upstreams", upstreams_}, {"errors", errors_},
                         {"payload", payload_},   {"contains", contains_}};
        if (!direction_.empty()) out["direction"] = direction_;
        if (!slow_.empty()) out["slow_ms"] = slow_;
        if (!max_payload_.empty()) out["max_payload_bytes"] = max_payload_;
        return out;
    }

    CLI::App app_;
    std::string proxy_, direction_, slow_, contains_, max_payload_;
    std::string colour_ = "auto";
    Values methods_, tools_, sessions_, upstreams_;
    bool errors_ = false, payload_ = false, json_ = false;
};

std::string in_one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
        text.pop_back();
    return text;
}

bool is_colour_choice(const std::string& name) {
    const std::vector<std::string> all = colour_choices();
    return std::ranges::find(all, name) != all.end();
}

sdk::Error wrong_usage(const std::string& what) {
    return sdk::Error(sdk::ErrorCode::config, in_one_line(what));
}

}  // namespace

sdk::Result<Invocation> parse_invocation(const std::vector<std::string>& arguments) {
    Parser parser;
    try {
        parser.app().parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::Success&) {
        Invocation out;
        out.help = parser.app().help();
        return out;
    } catch (const CLI::ParseError& error) {
        return wrong_usage(error.what());
    }
    if (!is_colour_choice(parser.colour()))
        return wrong_usage("--color: expected auto, always or never, found '" + parser.colour() +
                           "'");
    Invocation out = parser.invocation();
    const sdk::Result<sdk::Json> checked = checked_request(out.request);
    if (checked.has_error()) return checked.error();
    return out;
}

std::vector<sdk::CommandWord> invocation_words() {
    std::vector<sdk::CommandWord> words;
    Parser parser;
    for (const CLI::Option* option : parser.app().get_options()) {
        if (option == parser.app().get_help_ptr()) continue;  // every command has it
        for (const std::string& name : option->get_lnames()) {
            auto& word = words.emplace_back(sdk::CommandWord::Kind::flag, "--" + name,
                                            option->get_description());
            if (option->get_type_size() > 0) word.values = option->get_type_name();
        }
    }
    return words;
}

}  // namespace shadowcat::watch
