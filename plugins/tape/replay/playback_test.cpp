// SPDX-License-Identifier: Apache-2.0
// A tape as a server: what a client and the owner of its link see.
#include "shadowcat/sdk/json_rpc.hpp"

#include "replay/link_scene.hpp"

using namespace shadowcat;
using namespace shadowcat::tape;
using namespace shadowcat::tape::test;

namespace {

const std::string kToken = R"(,"_meta":{"progressToken":"mine"})";

std::string progress(const std::string& token, int step) {
    return notification(
        "notifications/progress",
        R"({"progressToken":)" + token + R"(,"progress":)" + std::to_string(step) + "}");
}

Script slow() {
    return Script()
        .client(0, 1,
                request("1", "tools/call", tool("slow", "{}", R"(,"_meta":{"progressToken":1})")))
        .server(1000, 1, progress("1", 1))
        .server(2000, 1, progress("1", 2))
        .server(3000, 1, result("1", R"({"n": 12345678901234567890})"));
}

Script ask() {
    return Script()
        .client(0, 1, request("1", "tools/call", tool("ask")))
        .server(1, 1, request("0", "elicitation/create", R"({"message":"Who?"})"))
        .client(900, 1, result("0", R"({"action":"accept"})"))
        .server(901, 1, result("1", R"({"said":"hello"})"));
}

const std::string kAsk = request("5", "tools/call", tool("ask"));

}  // namespace

TEST_CASE("all messages of the exchange come in order, with today's id and token") {
    LinkScene scene(slow());
    CHECK(scene.ask(request("\"a\"", "tools/call", tool("slow", "{}", kToken))) ==
          std::vector<std::string>{progress("\"mine\"", 1), progress("\"mine\"", 2),
                                   result("\"a\"", R"({"n": 12345678901234567890})")});
    CHECK(scene.ask(request("7", "tools/call", tool("slow"))).size() == 1);
}

TEST_CASE("recorded timing never runs ahead of the recording") {
    LinkScene scene(slow(), {{"timing", "recorded"}, {"speed", 100}});
    const auto start = sdk::Clock::now();
    std::vector<sdk::Duration> at;
    Client client;
    client.on_reply = [&](const sdk::Message&) { at.push_back(sdk::Clock::now() - start); };
    scene.begin(client, request("1", "tools/call", tool("slow", "{}", kToken)));
    scene.run_until([&] { return client.outcome.has_value(); });
    REQUIRE(at.size() == 3);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(at[i] >= std::chrono::milliseconds(10) * static_cast<int>(i + 1));
}

TEST_CASE("a question waits for the client's answer, under an id of its own") {
    LinkScene scene(ask());
    Client client;
    scene.begin(client, kAsk);
    scene.run_until([&] { return !client.got.empty(); });
    scene.settle();
    CHECK_FALSE(client.outcome);
    REQUIRE(client.got.size() == 1);
    const std::string id(parsed(client.got[0]).id());
    CHECK(client.got[0] == request(id, "elicitation/create", R"({"message":"Who?"})"));
    scene.send(result("\"unknown\""));
    scene.settle();
    CHECK_FALSE(client.outcome);
    scene.send(result(id, R"({"action":"decline"})"));
    scene.run_until([&] { return client.outcome.has_value(); });
    CHECK(client.got.back() == result("5", R"({"said":"hello"})"));
}

TEST_CASE("a client that never answers holds the replay up only so long") {
    LinkScene scene(ask(), {{"answer_timeout_secs", 1}});
    CHECK(scene.ask(kAsk).size() == 2);
}

TEST_CASE("a question that nobody answered when it was recorded isn't waited for") {
    LinkScene scene(Script()
                        .client(0, 1, request("1", "tools/call", tool("ask")))
                        .server(1, 1, request("0", "elicitation/create"))
                        .server(2, 1, result("1")));
    CHECK(scene.ask(kAsk).size() == 2);
}

TEST_CASE("what belonged to no request follows the exchange before it, to the link's owner") {
    LinkScene scene(Script()
                        .client(0, 1, request("1", "tools/call", tool("touch")))
                        .server(1, 1, result("1"))
                        .server(50, 0, notification("notifications/tools/list_changed"))
                        .client(60, 2, request("2", "tools/list"))
                        .server(61, 2, result("2")));
    scene.ask(request("8", "tools/list"));
    scene.settle();
    CHECK(scene.owner.got.empty());
    scene.ask(request("9", "tools/call", tool("touch")));
    scene.run_until([&] { return !scene.owner.got.empty(); });
    CHECK(scene.owner.got ==
          std::vector<std::string>{notification("notifications/tools/list_changed")});
}

TEST_CASE("a listen hears what the recorded one heard, when its cause is repeated") {
    const std::string subscription = R"({"_meta":{"io.modelcontextprotocol/subscriptionId":)";
    LinkScene scene(
        Script(sdk::Era::stateless)
            .client(0, 1, request("1", "subscriptions/listen"))
            .server(1, 1,
                    notification("notifications/subscriptions/acknowledged", subscription + "1}}"))
            .client(2, 2, request("2", "tools/call", tool("bump")))
            .server(3, 1, notification("notifications/resources/updated", subscription + "1}}"))
            .server(4, 2, result("2")));
    Client listener;
    scene.begin(listener, request("\"L\"", "subscriptions/listen"));
    scene.run_until([&] { return !listener.got.empty(); });
    scene.settle();
    CHECK(listener.got.size() == 1);
    scene.ask(request("6", "tools/call", tool("bump")));
    scene.run_until([&] { return listener.got.size() == 2; });
    CHECK(listener.got[1] ==
          notification("notifications/resources/updated", subscription + "\"L\"}}"));
    CHECK_FALSE(listener.outcome);
    listener.cancellation.request(sdk::Error(sdk::ErrorCode::cancelled, "enough"));
    scene.run_until([&] { return listener.outcome.has_value(); });
    CHECK(listener.outcome->error().code() == sdk::ErrorCode::cancelled);
}

TEST_CASE("a call that was cancelled when it was recorded waits to be cancelled") {
    LinkScene scene(
        Script()
            .client(0, 1, request("1", "tools/call", tool("slow")))
            .client(5, 0, notification("notifications/cancelled", R"({"requestId":1})")));
    Client client;
    scene.begin(client, request("4", "tools/call", tool("slow")));
    scene.settle();
    CHECK_FALSE(client.outcome);
    client.cancellation.request(sdk::Error(sdk::ErrorCode::cancelled, "enough"));
    scene.run_until([&] { return client.outcome.has_value(); });
    CHECK(client.outcome->has_error());
    CHECK(client.got.empty());
}

TEST_CASE("input_required needs its own request state back") {
    const std::string state = R"(,"requestState":"s1","inputResponses":{"q":{"action":"accept"}})";
    LinkScene scene(
        Script(sdk::Era::stateless)
            .client(0, 1, request("1", "tools/call", tool("ask")))
            .server(1, 1, result("1", R"({"resultType":"input_required","requestState":"s1"})"))
            .client(2, 2, request("2", "tools/call", tool("ask", "{}", state)))
            .server(3, 2, result("2", R"({"resultType":"complete"})")));
    CHECK(scene.ask(request("5", "tools/call", tool("ask")))[0].find("s1") != std::string::npos);
    const std::string wrong = R"(,"requestState":"s2","inputResponses":{"q":{"action":"decline"}})";
    const auto refused = scene.ask(request("6", "tools/call", tool("ask", "{}", wrong)));
    CHECK(refused[0].find("/params/requestState") != std::string::npos);
    const std::string right = R"(,"inputResponses":{"q":{"action":"decline"}},"requestState":"s1")";
    CHECK(scene.ask(request("7", "tools/call", tool("ask", "{}", right))) ==
          std::vector<std::string>{result("7", R"({"resultType":"complete"})")});
}

TEST_CASE("what isn't on the tape is an error that says so, or the closest answer") {
    const std::string other = request("5", "tools/call", tool("slow", R"({"steps":9})"));
    LinkScene strict(slow());
    const auto error = strict.ask(other);
    CHECK(sdk::error_code_of(parsed(error[0])) == sdk::json_rpc::kInvalidParams);
    CHECK(error[0].find("/params/arguments/steps: added 9") != std::string::npos);
    LinkScene closest(slow(), {{"on_no_match", "closest"}});
    CHECK(closest.ask(other).back() == result("5", R"({"n": 12345678901234567890})"));
    CHECK(sdk::error_code_of(parsed(closest.ask(request("6", "prompts/list"))[0])) ==
          sdk::json_rpc::kMethodNotFound);
}

TEST_CASE("each link finds the tape at its beginning") {
    LinkScene scene(Script()
                        .client(0, 1, request("1", "tools/list"))
                        .server(1, 1, result("1", "{\"n\":1}"))
                        .client(2, 2, request("2", "tools/list"))
                        .server(3, 2, result("2", "{\"n\":2}")));
    CHECK(scene.ask(request("1", "tools/list"))[0] == result("1", "{\"n\":1}"));
    CHECK(scene.ask(request("1", "tools/list"))[0] == result("1", "{\"n\":2}"));
    scene.run([&]() -> sdk::awaitable<> { co_await scene.link->close(); });
    scene.reopen();
    CHECK(scene.ask(request("1", "tools/list"))[0] == result("1", "{\"n\":1}"));
}

TEST_CASE("closing ends calls in flight; a replay that is killed says so") {
    LinkScene scene(ask());
    Client first;
    scene.begin(first, kAsk);
    scene.run_until([&] { return !first.got.empty(); });
    scene.run([&]() -> sdk::awaitable<> { co_await scene.link->close(); });
    scene.run_until([&] { return first.outcome.has_value(); });
    CHECK(first.outcome->error().code() == sdk::ErrorCode::closed);
    CHECK_FALSE(scene.link->alive());
    CHECK_FALSE(scene.owner.closed);
    scene.reopen();
    Client second;
    scene.begin(second, kAsk);
    scene.run_until([&] { return !second.got.empty(); });
    scene.link->kill();
    scene.run_until([&] { return second.outcome.has_value(); });
    CHECK(second.outcome->error().code() == sdk::ErrorCode::crashed);
    CHECK(scene.owner.closed->code() == sdk::ErrorCode::crashed);
}
