// SPDX-License-Identifier: Apache-2.0
// What `shadowcat watch` makes of its arguments.
#include "invocation.hpp"

#include "filter.hpp"
#include "options.hpp"
#include "serve_viewer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace shadowcat;
using namespace shadowcat::watch;

namespace {

using Arguments = std::vector<std::string>;

Filter filter_after(const Arguments& arguments) {
    return Filter(checked_request(parse_invocation(arguments).value().request).value());
}

std::string complaint(const Arguments& arguments) {
    const auto parsed = parse_invocation(arguments);
    return parsed.has_error() ? parsed.error().message() : "none";
}

Options options(const sdk::Json& config) {
    std::vector<sdk::ConfigError> errors;
    const sdk::Json checked = sdk::validate(Options::schema(), config, "", errors);
    REQUIRE(errors.empty());
    return Options(checked);
}

}  // namespace

TEST_CASE("without arguments: everything, as text, of the only proxy") {
    const Invocation usual = parse_invocation({}).value();
    CHECK(usual.proxy.empty());
    CHECK_FALSE(usual.json);
    CHECK_FALSE(usual.help.has_value());
    CHECK(usual.request.at("verb") == "watch");
    const Filter filter = filter_after({});
    CHECK(filter.methods.empty());
    CHECK_FALSE(filter.payload);
    CHECK(filter.slow == sdk::Duration::zero());
}

TEST_CASE("every option reaches the proxy") {
    const Arguments all = {"--proxy",
                           "12",
                           "--method",
                           "tools/*",
                           "--method",
                           "ping",
                           "--tool",
                           "echo",
                           "--session",
                           "s1",
                           "--upstream",
                           "a*",
                           "--direction",
                           "server_to_client",
                           "--errors",
                           "--slow",
                           "50",
                           "--contains",
                           "-x y",
                           "--payload",
                           "--max-payload-bytes",
                           "9",
                           "--json",
                           "--color",
                           "never"};
    const Invocation invocation = parse_invocation(all).value();
    CHECK(invocation.proxy == "12");
    CHECK(invocation.json);
    CHECK(invocation.colour == ColourChoice::never);
    const Filter filter = filter_after(all);
    CHECK(filter.methods == Arguments{"tools/*", "ping"});
    CHECK(filter.tools == Arguments{"echo"});
    CHECK(filter.sessions == Arguments{"s1"});
    CHECK(filter.upstreams == Arguments{"a*"});
    CHECK(filter.direction == sdk::Direction::server_to_client);
    CHECK(filter.errors);
    CHECK(filter.slow == sdk::Duration(std::chrono::milliseconds(50)));
    CHECK(filter.contains == "-x y");
    CHECK(filter.payload);
    CHECK(filter.max_payload_bytes == 9);
}

TEST_CASE("wrong arguments are named in one line") {
    CHECK(complaint({"--no-such"}).find("--no-such") != std::string::npos);
    CHECK(complaint({"stray"}).find("stray") != std::string::npos);
    CHECK(complaint({"--slow"}).find("--slow") != std::string::npos);
    CHECK(complaint({"--slow", "soon"}).find("slow_ms") != std::string::npos);
    CHECK(complaint({"--direction", "up"}).find("direction") != std::string::npos);
    CHECK(complaint({"--color", "pink"}).find("--color") != std::string::npos);
    CHECK(complaint({"--color", "pink"}).find('\n') == std::string::npos);
}

TEST_CASE("help has examples, and completions know every option") {
    const std::string help = parse_invocation({"--help"}).value().help.value();
    CHECK(help.find("Examples:") != std::string::npos);
    for (const sdk::CommandWord& word : invocation_words())
        CHECK(help.find(word.word) != std::string::npos);
    CHECK(std::ranges::any_of(invocation_words(), [](const sdk::CommandWord& word) {
        return word.word == "--color" && word.values == "auto|always|never";
    }));
}

TEST_CASE("a viewer's keys are checked like a configuration's") {
    CHECK(checked_request({{"verb", "watch"}}).has_value());
    const auto unknown = checked_request({{"verb", "watch"}, {"tool", "x"}});
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().message().starts_with("tool: "));
}

TEST_CASE("the output is stderr, a file, or nothing, but never stdout") {
    CHECK_FALSE(options(sdk::Json::object()).has_output());
    CHECK_FALSE(options({{"output", "none"}}).has_output());
    CHECK(options({{"output", "stderr"}}).output == "stderr");
    CHECK(options({{"output", "/tmp/x"}, {"errors", true}}).filter.errors);
    for (const char* wrong : {"stdout", "-", "/dev/stdout", "/proc/self/fd/1", ""})
        CHECK_THROWS_AS(options({{"output", wrong}}), std::invalid_argument);
}

TEST_CASE("colours are for terminals, unless somebody decides") {
    CHECK(coloured(ColourChoice::automatic, true, ""));
    CHECK_FALSE(coloured(ColourChoice::automatic, false, ""));
    CHECK_FALSE(coloured(ColourChoice::automatic, true, "1"));
    CHECK(coloured(ColourChoice::always, false, "1"));
    CHECK_FALSE(coloured(ColourChoice::never, true, ""));
}
