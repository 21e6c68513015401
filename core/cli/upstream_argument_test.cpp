// SPDX-License-Identifier: Apache-2.0
// What may stand behind --upstream.
#include "core/cli/upstream_argument.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

std::string argument_problem(const std::string& value) {
    const auto upstream = upstream_from_argument("u", value);
    return upstream ? upstream->dump() : upstream.error().message();
}

}  // namespace

TEST_CASE("URLs are told from command lines") {
    CHECK(*upstream_from_argument("u", "https://mcp.example.com/mcp?a=b") ==
          sdk::Json{
              {"name", "u"}, {"transport", "http"}, {"url", "https://mcp.example.com/mcp?a=b"}});
    CHECK((*upstream_from_argument("u", "HTTP://x"))["transport"] == "http");
    CHECK(
        *upstream_from_argument("u", "python3 'my server.py'") ==
        sdk::Json{{"name", "u"}, {"transport", "stdio"}, {"command", {"python3", "my server.py"}}});
    CHECK((*upstream_from_argument("u", "npx proxy http://x"))["transport"] == "stdio");
}

TEST_CASE("values that are neither say why") {
    CHECK(argument_problem("") == "--upstream: is empty: give a command line or a URL");
    CHECK(argument_problem("   ") == "--upstream: is empty: give a command line or a URL");
    CHECK(argument_problem("'' x") == "--upstream: is empty: give a command line or a URL");
    CHECK(
        argument_problem("ws://host/x") ==
        "--upstream: 'ws://host/x' has the scheme ws: give a URL with http or https, or a command "
        "line");
    CHECK(argument_problem("a 'b") == "--upstream: the quote ' at column 3 is never closed");
}
