// SPDX-License-Identifier: Apache-2.0
// Recorded messages under today's ids.
#include "replay/readdress.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "replay/stand_in_answers.hpp"
#include "replay/tape_scene.hpp"

using namespace shadowcat;
using namespace shadowcat::tape;
using namespace shadowcat::tape::test;

namespace {

const CallIds kCall(parsed(request("\"now\"", "tools/call",
                                   R"({"name":"x","_meta":{"progressToken":7}})")));

std::string readdressed(const std::string& text, const CallIds& call = kCall) {
    sdk::Message message = parsed(text);
    return readdress(message, call) ? message.bytes() : "not for this client";
}

const sdk::Json kShown = sdk::Json::object();

}  // namespace

TEST_CASE("a response gets the request's id and keeps every other byte") {
    CHECK(readdressed(R"({ "id":1, "jsonrpc":"2.0","result":{"n":9007199254740993, "x":[ ]}})") ==
          R"({ "id":"now", "jsonrpc":"2.0","result":{"n":9007199254740993, "x":[ ]}})");
    CHECK(readdressed(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":""}})") ==
          R"({"jsonrpc":"2.0","id":"now","error":{"code":-1,"message":""}})");
}

TEST_CASE("progress carries the client's token, and is left out for who wants none") {
    const std::string progress =
        notification("notifications/progress", R"({"progressToken":"old","progress":1})");
    CHECK(readdressed(progress) ==
          notification("notifications/progress", R"({"progressToken":7,"progress":1})"));
    CHECK(readdressed(progress, CallIds(parsed(request("1", "tools/call")))) ==
          "not for this client");
}

TEST_CASE("a listen's messages name the client's listen, also at its end") {
    const CallIds listen(parsed(request("5", "subscriptions/listen")));
    const std::string meta = R"("_meta":{"io.modelcontextprotocol/subscriptionId":)";
    CHECK(readdressed(notification("notifications/resources/updated",
                                   R"({"uri":"a",)" + meta + R"("old"}})"),
                      listen) ==
          notification("notifications/resources/updated", R"({"uri":"a",)" + meta + "5}}"));
    CHECK(readdressed(result("1", R"({"resultType":"complete",)" + meta + "1}}"), listen) ==
          result("5", R"({"resultType":"complete",)" + meta + "5}}"));
    CHECK(readdressed(notification("notifications/cancelled", R"({"requestId":1})"), listen) ==
          notification("notifications/cancelled", R"({"requestId":5})"));
}

TEST_CASE("each question has an id of its own, which its cancellation follows") {
    QuestionIds ids;
    sdk::Message first = parsed(request("3", "roots/list"));
    sdk::Message again = parsed(request("3", "roots/list"));
    CHECK(ids.renew(first) == "\"replay-1\"");
    CHECK(ids.renew(again) == "\"replay-2\"");
    CHECK(again.id() == "\"replay-2\"");
    sdk::Message cancelled = parsed(notification("notifications/cancelled", R"({"requestId":3})"));
    ids.follow(cancelled);
    CHECK(cancelled.cancelled_id() == "\"replay-2\"");
}

TEST_CASE("a tape of either era shows it to clients of the other") {
    TapeInit sessions, stateless;
    stateless.era = sdk::Era::stateless;
    const sdk::Message discover = parsed(request("1", "server/discover"));
    const sdk::Message initialize =
        parsed(request("1", "initialize", R"({"protocolVersion":"2025-06-18"})"));
    CHECK(sdk::error_code_of(*other_era_refusal(discover, sessions)) == -32601);
    CHECK_FALSE(other_era_refusal(initialize, sessions));
    const auto refused = other_era_refusal(initialize, stateless);
    CHECK(sdk::error_code_of(*refused) == -32022);
    CHECK(refused->bytes().find(R"("supported":["2026-07-28"])") != std::string::npos);
    CHECK_FALSE(other_era_refusal(discover, stateless));
}

TEST_CASE("without a recorded handshake the tape shows what it can do") {
    const auto recording = Script()
                               .client(0, 1, request("1", "tools/list"))
                               .client(1, 2, request("2", "completion/complete"))
                               .recording();
    const auto answer = stand_in_answer(parsed(request("4", "initialize")), *recording);
    REQUIRE(answer);
    const sdk::Json shown = sdk::Json::parse(answer->bytes())["result"];
    CHECK(shown["protocolVersion"] == "2025-06-18");
    CHECK(shown["capabilities"] == sdk::Json{{"tools", kShown}, {"completions", kShown}});
    CHECK(stand_in_answer(parsed(request("4", "ping")), *recording)->bytes() == result("4"));
    CHECK_FALSE(stand_in_answer(parsed(request("4", "tools/list")), *recording));
}
