// SPDX-License-Identifier: Apache-2.0
// Which recording answers, and what is said when none does.
#include "replay/matcher.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "replay/tape_scene.hpp"

using namespace shadowcat;
using namespace shadowcat::tape;
using namespace shadowcat::tape::test;

namespace {

std::string read(const std::string& uri) { return R"({"uri":")" + uri + R"("})"; }

Script counter() {
    return Script()
        .client(0, 1, request("1", "resources/read", read("demo://counter")))
        .server(1, 1, result("1", R"({"n":0})"))
        .client(2, 2, request("2", "tools/call", tool("bump", R"({"by":1})")))
        .server(3, 2, result("2"))
        .client(4, 3, request("3", "resources/read", read("demo://counter")))
        .server(5, 3, result("3", R"({"n":1})"));
}

const sdk::Message kRead = parsed(request("7", "resources/read", read("demo://counter")));

std::string text_of_error(const sdk::Message& error) {
    return sdk::Json::parse(error.bytes())["error"]["message"];
}

}  // namespace

TEST_CASE("what was recorded several times is given in that order, the last one again") {
    Matcher matcher(counter().recording(), MatchMode::normalised);
    CHECK(matcher.take(kRead) == 0);
    CHECK(matcher.take(kRead) == 2);
    CHECK(matcher.take(kRead) == 2);
}

TEST_CASE("a request without an answer on the tape is passed over") {
    Matcher matcher(Script()
                        .client(0, 1, request("1", "tools/list"))
                        .client(1, 2, request("2", "tools/list"))
                        .server(2, 2, result("2"))
                        .recording(),
                    MatchMode::normalised);
    CHECK(matcher.take(parsed(request("9", "tools/list"))) == 1);
}

TEST_CASE("strict: each once, in the recorded order") {
    Matcher matcher(counter().recording(), MatchMode::strict);
    const sdk::Message bump = parsed(request("8", "tools/call", tool("bump", R"({"by":1})")));
    CHECK_FALSE(matcher.take(bump));
    CHECK(matcher.take(kRead) == 0);
    CHECK_FALSE(matcher.take(kRead));
    CHECK_FALSE(matcher.take(parsed(request("8", "tools/call", tool("bump", R"({"by": 1})")))));
    CHECK(matcher.take(bump) == 1);
    CHECK(matcher.take(kRead) == 2);
    CHECK_FALSE(matcher.take(kRead));
}

TEST_CASE("strict: a handshake may come at any time") {
    Matcher matcher(Script()
                        .client(0, 1, request("1", "initialize"))
                        .server(1, 1, result("1"))
                        .client(2, 2, request("2", "tools/list"))
                        .server(3, 2, result("2"))
                        .recording(),
                    MatchMode::strict);
    CHECK(matcher.take(parsed(request("5", "initialize", R"({"clientInfo":{}})"))) == 0);
    CHECK(matcher.take(parsed(request("6", "tools/list"))) == 1);
    CHECK(matcher.take(parsed(request("7", "initialize"))) == 0);
}

TEST_CASE("the nearest has the same name and the fewest differences") {
    const auto recording =
        Script()
            .client(0, 1, request("1", "tools/call", tool("sub", R"({"a":1,"b":3})")))
            .server(1, 1, result("1"))
            .client(2, 2, request("2", "tools/call", tool("add", R"({"a":5,"b":6})")))
            .server(3, 2, result("2"))
            .client(4, 3, request("3", "tools/call", tool("add", R"({"a":1,"b":2})")))
            .server(5, 3, result("3"))
            .recording();
    Matcher matcher(recording, MatchMode::normalised);
    const sdk::Message asked = parsed(request("1", "tools/call", tool("add", R"({"a":1,"b":3})")));
    CHECK_FALSE(matcher.take(asked));
    const auto nearest = matcher.nearest(asked);
    REQUIRE(nearest);
    CHECK(nearest->exchange == 2);
    CHECK(nearest->difference == "/params/arguments/b: 2 → 3");
    const sdk::Message error = no_match_error(asked, *recording, nearest);
    CHECK(error.id() == "1");
    CHECK(sdk::error_code_of(error) == sdk::json_rpc::kInvalidParams);
    CHECK(text_of_error(error) ==
          "the tape has no answer to tools/call 'add'; closest is frame 4, tools/call 'add', "
          "which differs in /params/arguments/b: 2 → 3");
}

TEST_CASE("a method that the tape doesn't have is no method") {
    const auto recording = counter().recording();
    const sdk::Message asked = parsed(request("\"x\"", "prompts/list"));
    const sdk::Message error = no_match_error(asked, *recording, std::nullopt);
    CHECK(error.id() == "\"x\"");
    CHECK(sdk::error_code_of(error) == sdk::json_rpc::kMethodNotFound);
}

TEST_CASE("strict: the error names what should have come") {
    const auto recording = counter().recording();
    const Matcher matcher(recording, MatchMode::strict);
    const sdk::Message asked = parsed(request("1", "tools/list"));
    const auto nearest = matcher.nearest(asked);
    REQUIRE(nearest);
    CHECK(text_of_error(no_match_error(asked, *recording, nearest)) ==
          "the tape has no answer to tools/list; closest is frame 0, resources/read "
          "'demo://counter', which differs in the method");
}
