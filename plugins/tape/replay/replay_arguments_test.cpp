// SPDX-License-Identifier: Apache-2.0
// Which command lines `shadowcat replay` takes.
#include "replay/replay_arguments.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

using Words = std::vector<std::string>;

ReplayArguments accepted(const Words& words) {
    const auto parsed = ReplayArguments::parse(words);
    REQUIRE_MESSAGE(parsed.has_value(), (parsed.has_error() ? parsed.error().message() : ""));
    return *parsed;
}

void check_wrong(const Words& words, const std::string& why) {
    const auto parsed = ReplayArguments::parse(words);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().message() == "replay: " + why + " (see 'shadowcat replay --help')");
}

}  // namespace

TEST_CASE("a tape alone is served on stdin and stdout, at once") {
    const ReplayArguments plain = accepted({"a.jsonl"});
    CHECK(plain.tape == "a.jsonl");
    CHECK(plain.timing == "instant");
    CHECK(plain.listen.empty());
    CHECK_FALSE(plain.verify);
}

TEST_CASE("what stands behind -- is the server's, whatever it looks like") {
    const ReplayArguments verify =
        accepted({"--verify", "a", "--ignore", "/x", "--ignore", "/y", "--", "srv", "--verify"});
    CHECK(verify.ignored == Words{"/x", "/y"});
    CHECK(verify.command == Words{"srv", "--verify"});
}

TEST_CASE("flags that would do nothing are refused") {
    check_wrong({}, "name the tape: a file, or its id");
    check_wrong({"a", "--timing", "x"}, "--timing: 'x' is none of instant, recorded");
    check_wrong({"--verify", "a", "--timeout", "0", "--", "y"},
                "--timeout must be between 1 and 86400");
    check_wrong({"a", "--speed", "2"}, "--speed needs --timing recorded");
    check_wrong({"a", "--upstream", "x"}, "--upstream needs --verify or --on-no-match upstream");
    check_wrong({"a", "--on-no-match", "upstream"}, "--on-no-match upstream needs --upstream");
    check_wrong({"a", "--junit", "x.xml"}, "--junit needs --verify");
    check_wrong({"a", "--", "srv"}, "a command behind '--' needs --verify");
    check_wrong({"--verify", "a"}, "name the server: '-- COMMAND ARGS' or --upstream URL");
    check_wrong({"--verify", "a", "--"}, "a command must follow '--'");
    check_wrong({"--verify", "a", "--upstream", "x", "--", "y"},
                "give either --upstream or '-- COMMAND', not both");
    check_wrong({"--verify", "a", "--listen", "127.0.0.1:1", "--", "y"},
                "--listen makes no sense with --verify");
}

TEST_CASE("help has examples, and completions know the flags") {
    CHECK(accepted({"--help"}).help.find("Examples:") != std::string::npos);
    const auto words = replay_words();
    const auto timing = std::ranges::find(words, "--timing", &sdk::CommandWord::word);
    REQUIRE(timing != words.end());
    CHECK(timing->values == "instant|recorded");
}
