// SPDX-License-Identifier: Apache-2.0
// The connector's configuration: what is refused, what is shown.
#include "child_options.hpp"

#include "test_support.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

std::vector<std::string> errors_of(const Json& config) {
    std::vector<sdk::ConfigError> errors;
    sdk::validate(ChildOptions::schema(), config, "upstream", errors);
    std::vector<std::string> paths;
    for (const sdk::ConfigError& error : errors)
        paths.push_back(error.path);
    return paths;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a command is needed, unknown keys and wrong types are refused") {
    CHECK(errors_of({{"command", {"cat"}}}).empty());
    CHECK(errors_of(Json::object()) == Paths{"upstream.command"});
    CHECK(errors_of({{"command", Json::array()}}) == Paths{"upstream.command"});
    CHECK(errors_of({{"command", {"cat"}}, {"shell", true}}) == Paths{"upstream.shell"});
    CHECK(errors_of({{"command", {"cat"}}, {"shutdown_grace_secs", -1}}) ==
          Paths{"upstream.shutdown_grace_secs"});
}

TEST_CASE("what no schema can say is refused when the connector is made") {
    const auto make = [](const Json& more, std::vector<std::string> command = {"cat"}) {
        const ChildOptions options(config_of(std::move(command), more));
    };
    CHECK_NOTHROW(make(Json::object()));
    CHECK_THROWS_WITH(make(Json::object(), {""}), "command: the program's name is empty");
    CHECK_THROWS_WITH(make(Json::object(), {"cat", std::string("a\0b", 3)}),
                      "command: contains a NUL byte");
    CHECK_THROWS_WITH(make({{"env", {{"A=B", "c"}}}}), "env: 'A=B' is not a variable name");
    CHECK_THROWS_WITH(make({{"inherit_env", {""}}}), "inherit_env: '' is not a variable name");
}

TEST_CASE("logs show the command line without its secrets") {
    const auto shown = [](std::vector<std::string> command) {
        return ChildOptions(config_of(std::move(command))).command_line();
    };
    CHECK(shown({"server", "--dir", "/a b", ""}) == "server --dir '/a b' ''");
    CHECK(shown({"server", "--token", "abc", "--verbose"}) == "server --token *** --verbose");
    CHECK(shown({"server", "--API-KEY=abc"}) == "server --API-KEY=***");
    CHECK(shown({"token", "list"}) == "token list");
}

TEST_CASE("an environment is a few names, or everything, and what is added wins") {
    ::setenv("SHADOWCAT_TEST_SECRET", "1", 1);
    const auto has = [](const Json& more, const std::string& entry) {
        const auto plan = ChildOptions(config_of({"cat"}, more)).plan();
        REQUIRE(plan.has_value());
        return std::ranges::find(plan->environment, entry) != plan->environment.end();
    };
    CHECK_FALSE(has(Json::object(), "SHADOWCAT_TEST_SECRET=1"));
    CHECK(has({{"inherit_env", {"*"}}}, "SHADOWCAT_TEST_SECRET=1"));
    const Json both = {{"inherit_env", {"*"}}, {"env", {{"SHADOWCAT_TEST_SECRET", "2"}}}};
    CHECK(has(both, "SHADOWCAT_TEST_SECRET=2"));
    CHECK_FALSE(has(both, "SHADOWCAT_TEST_SECRET=1"));
    ::unsetenv("SHADOWCAT_TEST_SECRET");
}

TEST_CASE("stderr is logged or passed, nothing else") {
    CHECK(errors_of({{"command", {"cat"}}, {"stderr", "pass"}}).empty());
    CHECK(errors_of({{"command", {"cat"}}, {"stderr", "drop"}}) == Paths{"upstream.stderr"});
    CHECK_FALSE(ChildOptions(config_of({"cat"})).passes_stderr());
    CHECK(ChildOptions(config_of({"cat"}, {{"stderr", "pass"}})).passes_stderr());
}
