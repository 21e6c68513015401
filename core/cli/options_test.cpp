// SPDX-License-Identifier: Apache-2.0
// What users type, and what they are told when it can't be understood.
#include "core/cli/options.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

using Arguments = std::vector<std::string>;

template <class Options>
Options parsed(const Arguments& arguments) {
    const auto result = parse_command_line(arguments);
    const std::string problem = result ? "" : result.error().message();
    REQUIRE(problem == "");
    REQUIRE(std::holds_alternative<Options>(*result));
    return std::get<Options>(*result);
}

std::string problem(const Arguments& arguments) {
    const auto result = parse_command_line(arguments);
    return result ? "none" : result.error().message();
}

std::string option(const ConfigRequest& request, const std::string& name) {
    for (const Override& override : request.options) {
        if (override.origin.name == name) return override.value.get<std::string>();
    }
    return "(absent)";
}

}  // namespace

TEST_CASE("reverse takes a command line, which becomes the upstream") {
    const auto request = parsed<RunOptions>({"reverse", "--upstream", "python3 echo.py"}).request;
    CHECK(request.mode == ProxyMode::reverse);
    REQUIRE(request.upstreams.size() == 1);
    CHECK(request.upstreams[0] == Json{{"name", "upstream-1"},
                                       {"transport", "stdio"},
                                       {"command", {"python3", "echo.py"}}});
    CHECK(request.options.empty());
    CHECK_FALSE(request.file.has_value());
}

TEST_CASE("--upstream can be repeated, and takes one value each time") {
    const auto request =
        parsed<RunOptions>({"reverse", "--upstream", "a", "--upstream=http://b/"}).request;
    REQUIRE(request.upstreams.size() == 2);
    CHECK(request.upstreams[1]["name"] == "upstream-2");
    CHECK(request.upstreams[1]["url"] == "http://b/");
    CHECK(problem({"reverse", "--upstream", "a", "b"}).find("b") != std::string::npos);
}

TEST_CASE("reverse's options override configuration keys") {
    const auto request = parsed<RunOptions>({"reverse", "--config", "a.yaml", "--bind", "[::1]:0",
                                             "--log-level", "debug", "--log-format", "json",
                                             "--isolation", "shared", "--workers", "2"})
                             .request;
    CHECK(request.file == "a.yaml");
    CHECK(option(request, "--bind") == "[::1]:0");
    CHECK(option(request, "--log-level") == "debug");
    CHECK(option(request, "--log-format") == "json");
    CHECK(option(request, "--workers") == "2");
    CHECK(request.isolation == "shared");
    CHECK(request.upstreams.empty());
}

TEST_CASE("forward passes what stands behind -- unchanged") {
    const Arguments server = {"npx", "-y", "--help", "a b", "", "--", "$X"};
    Arguments arguments = {"forward", "--log-level", "off", "--"};
    arguments.insert(arguments.end(), server.begin(), server.end());
    const auto request = parsed<RunOptions>(arguments).request;
    CHECK(request.mode == ProxyMode::forward_stdio);
    CHECK(request.upstreams[0]["command"] == Json(server));
    CHECK(request.upstream_option == "--");
    CHECK(option(request, "--log-level") == "off");
}

TEST_CASE("forward's four combinations") {
    CHECK(parsed<RunOptions>({"forward", "--upstream", "http://x/"}).request.mode ==
          ProxyMode::forward_stdio);
    const auto listening =
        parsed<RunOptions>({"forward", "--listen", "127.0.0.1:0", "--", "server"}).request;
    CHECK(listening.mode == ProxyMode::forward_http);
    CHECK(option(listening, "--listen") == "127.0.0.1:0");
    CHECK(parsed<RunOptions>({"forward", "--listen", "127.0.0.1:0", "--upstream", "http://x/"})
              .request.mode == ProxyMode::forward_http);
}

TEST_CASE("forward needs exactly one server") {
    const std::string see = " (see 'shadowcat forward --help')";
    CHECK(problem({"forward"}) ==
          "forward: name the server: '-- COMMAND ARGS' or --upstream URL" + see);
    CHECK(problem({"forward", "--"}) == "forward: a command must follow '--'" + see);
    CHECK(problem({"forward", "--upstream", "http://x/", "--", "server"}) ==
          "forward: give either --upstream or '-- COMMAND', not both" + see);
    CHECK(problem({"forward", "server"}).starts_with("forward: "));
}

TEST_CASE("forward's interceptors stand nearest to the client in a fixed order") {
    const auto plain = parsed<RunOptions>({"forward", "--", "server"}).request;
    CHECK(plain.interceptors.empty());
    CHECK(plain.viewer == Viewer::attachable);
    const auto request = parsed<RunOptions>({"forward", "--rules", "r.yaml", "--tape", "t.jsonl",
                                             "--watch", "--", "server"})
                             .request;
    CHECK(request.viewer == Viewer::shown);
    CHECK(request.interceptors == std::vector<Json>{{{"type", "tape"}, {"path", "t.jsonl"}},
                                                    {{"type", "rules"}, {"file", "r.yaml"}}});
}

TEST_CASE("a word that is no command of the core may be a plugin's") {
    const auto command = parsed<PluginCommandOptions>({"tape", "show", "--help"});
    CHECK(command.name == "tape");
    CHECK(command.arguments == Arguments{"show", "--help"});
}

TEST_CASE("check, plugins and completions") {
    CHECK(parsed<CheckOptions>({"check", "--config", "a.yaml"}).config == "a.yaml");
    CHECK(parsed<CheckOptions>({"check", "--print-reference"}).print_reference);
    CHECK(problem({"check"}) == "check: give --config FILE (see 'shadowcat check --help')");
    CHECK_FALSE(parsed<PluginsOptions>({"plugins"}).inspect.has_value());
    CHECK(parsed<PluginsOptions>({"plugins", "list", "--config", "a.yaml"}).config == "a.yaml");
    CHECK(parsed<PluginsOptions>({"plugins", "inspect", "x.so"}).inspect == "x.so");
    CHECK(problem({"plugins", "inspect"}).starts_with("plugins inspect: "));
    CHECK(parsed<CompletionsOptions>({"completions", "fish"}).shell == "fish");
    CHECK(problem({"completions", "tcsh"}) ==
          "completions: there are completions for bash, zsh and fish, not for 'tcsh' (see "
          "'shadowcat completions --help')");
}

TEST_CASE("--help is everywhere and has examples") {
    const std::vector<Arguments> commands = {{"reverse"},         {"forward"},
                                             {"check"},           {"plugins"},
                                             {"plugins", "list"}, {"plugins", "inspect"},
                                             {"completions"}};
    for (Arguments arguments : commands) {
        CAPTURE(arguments.empty() ? "" : arguments.back());
        arguments.emplace_back("--help");
        const std::string text = parsed<PrintOptions>(arguments).text;
        CHECK(text.find("\nExamples:\n  shadowcat ") != std::string::npos);
    }
    CHECK(parsed<PrintOptions>({"reverse", "--help"}).text.find("--upstream") != std::string::npos);
    parsed<OverviewOptions>({"--help"});
}

TEST_CASE("--version names the program and its version") {
    CHECK(parsed<PrintOptions>({"--version"}).text.starts_with("shadowcat "));
}

TEST_CASE("usage errors are one line and say what to do") {
    CHECK(
        problem({}) ==
        "name a command: reverse, forward, check, plugins or completions (see 'shadowcat --help')");
    CHECK(parsed<PluginCommandOptions>({"revers"}).otherwise ==
          "'revers' is no command; did you mean 'reverse'? (see 'shadowcat --help')");
    CHECK(parsed<PluginCommandOptions>({"xyz"}).otherwise ==
          "'xyz' is no command; commands: reverse, forward, check, plugins, completions (see "
          "'shadowcat --help')");
    const std::string see = " (see 'shadowcat reverse --help')";
    CHECK(problem({"reverse", "--bind"}) == "reverse: --bind needs a value" + see);
    CHECK(problem({"reverse", "--bind", "a", "--bind", "b"}) ==
          "reverse: --bind is given more than once" + see);
    CHECK(problem({"reverse", "--upstraem", "x"}) ==
          "reverse: unknown option --upstraem; did you mean --upstream?" + see);
    CHECK(problem({"reverse", "--upstream", "python3", "x.py"}) ==
          "reverse: unexpected argument 'x.py'; quote a value that has spaces" + see);
    CHECK(problem({"plugins", "lst"}) ==
          "plugins: 'lst' is no command; commands: list, inspect (see 'shadowcat plugins --help')");
    const std::vector<Arguments> wrong = {
        {"--bind", "x"},           {"reverse", "--upstream", "a | b"},
        {"reverse", "check"},      {"reverse", "-x"},
        {"reverse", "two\nlines"}, {"completions", "\x1b[2J"},
        {"completions"},           {"check", "--config", "a", "--config", "b"}};
    for (const Arguments& arguments : wrong) {
        const std::string message = problem(arguments);
        CAPTURE(message);
        CHECK(message.find('\n') == std::string::npos);
        CHECK(message.find("--help')") != std::string::npos);
    }
}
