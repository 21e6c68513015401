// SPDX-License-Identifier: Apache-2.0
// What is paired with what.
#include "replay/index_builder.hpp"

#include "replay/tape_scene.hpp"

#include <algorithm>

using namespace shadowcat::tape;
using namespace shadowcat::tape::test;
using Kind = RecordedStep::Kind;

TEST_CASE("responses find their requests by exchange or id, however they cross") {
    const ExchangeIndex index = Script()
                                    .client(0, 1, request("1", "tools/list"))
                                    .client(1, 0, request("\"1\"", "prompts/list"))
                                    .server(2, 0, result("\"1\""))
                                    .server(3, 1, result("1"))
                                    .index();
    REQUIRE(index.size() == 2);
    CHECK(index.method(index[0]) == "tools/list");
    CHECK(index.steps(index[0])[0].place == 3);
    CHECK(index.steps(index[1])[0].place == 2);
    CHECK(index[1].answered);
}

TEST_CASE("what came along with a request stands before its response, in order") {
    const ExchangeIndex index = Script()
                                    .client(0, 1, request("1", "tools/call", tool("slow")))
                                    .server(10, 1, notification("notifications/progress"))
                                    .server(20, 1, request("9", "elicitation/create"))
                                    .client(900, 1, result("9", R"({"action":"accept"})"))
                                    .server(910, 1, result("1"))
                                    .index();
    const auto steps = index.steps(index[0]);
    REQUIRE(steps.size() == 4);
    CHECK(steps[0].kind == Kind::told);
    CHECK(steps[1].kind == Kind::question);
    CHECK(steps[2].kind == Kind::answer);
    CHECK(steps[2].question == 1);
    CHECK(steps[3].kind == Kind::response);
    REQUIRE(index.answers().size() == 1);
    CHECK(index.answers()[0].method == "elicitation/create");
}

TEST_CASE("an id that is used again belongs to the newer request") {
    const ExchangeIndex index = Script()
                                    .client(0, 0, request("1", "tools/list"))
                                    .server(1, 0, result("1"))
                                    .client(2, 0, request("1", "prompts/list"))
                                    .server(3, 0, result("1"))
                                    .index();
    CHECK(index.steps(index[0])[0].place == 1);
    CHECK(index.steps(index[1])[0].place == 3);
}

TEST_CASE("what belongs to no request follows the exchange that began last") {
    const ExchangeIndex index = Script()
                                    .server(0, 0, notification("notifications/message"))
                                    .client(1, 1, request("1", "tools/list"))
                                    .server(2, 1, result("1"))
                                    .client(3, 2, request("2", "tools/call", tool("touch")))
                                    .server(4, 0, notification("notifications/tools/list_changed"))
                                    .server(5, 2, result("2"))
                                    .server(6, 0, request("7", "roots/list"))
                                    .index();
    REQUIRE(index.asides(index[0]).size() == 1);
    CHECK(index.asides(index[0])[0].place == 0);
    REQUIRE(index.asides(index[1]).size() == 2);
    CHECK(index.asides(index[1])[1].kind == Kind::question);
    CHECK(index.asides(index[1])[1].listen == kNoExchange);
}

TEST_CASE("a listen has its acknowledgment; the rest follows what caused it") {
    const ExchangeIndex index =
        Script(shadowcat::sdk::Era::stateless)
            .client(0, 1, request("1", "subscriptions/listen"))
            .server(1, 1, notification("notifications/subscriptions/acknowledged"))
            .client(2, 2, request("2", "tools/call", tool("bump")))
            .server(3, 1, notification("notifications/resources/updated"))
            .server(4, 2, result("2"))
            .server(5, 1, result("1"))
            .index();
    CHECK(index.steps(index[0]).size() == 1);
    CHECK(index[0].playable());
    REQUIRE(index.asides(index[1]).size() == 2);
    CHECK(index.asides(index[1])[0].listen == 0);
    CHECK(index.asides(index[1])[1].kind == Kind::response);
}

TEST_CASE("what was cancelled can be replayed, what has no end can't") {
    const ExchangeIndex index =
        Script()
            .client(0, 1, request("1", "tools/call", tool("slow")))
            .client(5, 0, notification("notifications/cancelled", R"({"requestId":1})"))
            .client(6, 2, request("2", "tools/call", tool("slow")))
            .index();
    CHECK(index[0].playable());
    CHECK_FALSE(index[1].playable());
}

TEST_CASE("equal requests share a key, in recorded order") {
    const ExchangeIndex index =
        Script()
            .client(0, 1, request("1", "tools/call", tool("add", R"({"a":1,"b":2})")))
            .client(1, 2, request("2", "tools/list"))
            .client(2, 3, request("3", "tools/call", tool("add", R"({"b":2,"a":1.0})")))
            .index();
    const auto same = index.with_key(index[0].key);
    REQUIRE(same.size() == 2);
    CHECK(same[0].second == 0);
    CHECK(same[1].second == 2);
    CHECK(index.with_key(12345).empty());
}

TEST_CASE("redaction is counted, and known of requests and answers apart") {
    const ExchangeIndex index = Script()
                                    .client(0, 1, request("1", "tools/list"), true)
                                    .server(1, 1, result("1"))
                                    .client(2, 2, request("2", "tools/list"))
                                    .server(3, 2, result("2"), true)
                                    .index();
    CHECK(index.redacted_messages() == 2);
    CHECK(index[0].redacted_request);
    CHECK_FALSE(index[0].redacted_answer);
    CHECK(index[1].redacted_answer);
}
