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
