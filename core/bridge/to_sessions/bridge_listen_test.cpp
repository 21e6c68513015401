// SPDX-License-Identifier: Apache-2.0
// Listens of stateless clients on sessions, as transcripts.
#include "core/bridge/to_sessions/bridge_stage.hpp"

#include <algorithm>

using namespace shadowcat::core;
using namespace shadowcat::core::bridge_test;

namespace {

std::string listen(std::string_view id, std::string_view filter) {
    return request(id, "subscriptions/listen", R"("notifications":)" + std::string(filter));
}

std::string notification(std::string_view method, std::string_view params = {}) {
    return sdk::make_notification("notifications/" + std::string(method), params).bytes();
}

const std::string kTools = notification("tools/list_changed");
const std::string kUpdatedA = notification("resources/updated", R"({"uri":"a"})");
constexpr std::string_view kToolsFilter = R"({"toolsListChanged":true})";

std::string tag(std::string_view id) {
    return R"("_meta":{"io.modelcontextprotocol/subscriptionId":)" + std::string(id) + "}";
}

std::string acknowledged(std::string_view id, std::string_view filter) {
    return R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{)" +
           tag(id) + R"(,"notifications":)" + std::string(filter) + "}}";
}

std::size_t count(const Lines& lines, std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(),
        [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

}  // namespace

TEST_CASE("a listen is acknowledged first, with what the server supports") {
    BridgeStage stage;
    Client& client = stage.perform(listen(
        "0",
        R"({"toolsListChanged":true,"promptsListChanged":true,"resourceSubscriptions":["a"]})"));
    CHECK(client.got ==
          Lines{acknowledged("0", R"({"toolsListChanged":true,"resourceSubscriptions":["a"]})")});
    CHECK(stage.last() ==
          R"({"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"a"}})");
    CHECK(stage.session().listened == 1);
    CHECK_FALSE(client.done);
}

TEST_CASE("each listen gets what it asked for, under its own id") {
    BridgeStage stage;
    Client& tools = stage.perform(listen("1", kToolsFilter));
    Client& both = stage.perform(
        listen("\"1\"", R"({"toolsListChanged":true,"resourceSubscriptions":["a"]})"));
    Client& nothing = stage.perform(listen("3", "{}"));
    CHECK(stage.service.sessions.size() == 1);
    CHECK(stage.session().listened == 1);
    stage.announce(kTools);
    stage.announce(kUpdatedA);
    stage.announce(notification("resources/updated", R"({"uri":"b"})"));
    stage.announce(notification("resources/list_changed"));
    stage.announce(notification("message", R"({"level":"error","data":1})"));
    stage.announce(notification("progress", R"({"progressToken":1,"progress":1})"));
    CHECK(tools.got ==
          Lines{acknowledged("1", kToolsFilter),
                R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{)" +
                    tag("1") + "}}"});
    REQUIRE(both.got.size() == 3);
    CHECK(both.got[2] ==
          R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a",)" +
              tag("\"1\"") + "}}");
    CHECK(nothing.got == Lines{acknowledged("3", "{}")});
}

TEST_CASE("what comes along with a call reaches the listens too") {
    BridgeStage stage;
    Client& client = stage.perform(listen("1", kToolsFilter));
    Client& call = stage.perform(request("2", "tools/call", R"("name":"t")"));
    stage.say(kTools);
    CHECK(client.got.size() == 2);
    CHECK(call.got.empty());
}

TEST_CASE("the stream of a client that can be asked stays open without listens") {
    BridgeStage stage;
    Client& client = stage.perform(
        request("1", "subscriptions/listen", R"("notifications":{})", R"({"sampling":{}})"));
    stage.cancel(client);
    CHECK(client.done);
    CHECK(stage.session().stream);
    CHECK(stage.session().listened == 1);
    stage.later(std::chrono::seconds(61));
    CHECK(stage.session().ended);
}

TEST_CASE("listens of another principal hear nothing of it") {
    BridgeStage stage;
    Client& alice = stage.perform(listen("1", kToolsFilter), "alice");
    Client& bob = stage.perform(listen("1", kToolsFilter), "bob");
    stage.announce(kTools, 0);
    CHECK(alice.got.size() == 2);
    CHECK(bob.got.size() == 1);
}

TEST_CASE("a resource is subscribed once, and unsubscribed with its last listen") {
    BridgeStage stage;
    Client& one = stage.perform(listen("1", R"({"resourceSubscriptions":["a","b"]})"));
    Client& two = stage.perform(listen("2", R"({"resourceSubscriptions":["b"]})"));
    CHECK(count(stage.session().got, "resources/subscribe") == 2);
    stage.cancel(one);
    CHECK(one.done);
    CHECK(one.got.size() == 1);
    CHECK(stage.last() ==
          R"({"jsonrpc":"2.0","id":4,"method":"resources/unsubscribe","params":{"uri":"a"}})");
    CHECK(stage.session().stream);
    stage.cancel(two);
    CHECK(stage.last() ==
          R"({"jsonrpc":"2.0","id":5,"method":"resources/unsubscribe","params":{"uri":"b"}})");
    CHECK_FALSE(stage.session().stream);
    CHECK_FALSE(stage.session().ended);
    Client& three = stage.perform(listen("3", kToolsFilter));
    CHECK(stage.session().listened == 2);
    stage.announce(kTools);
    CHECK(three.got.size() == 2);
}

TEST_CASE("a subscription that the server refuses is not acknowledged") {
    BridgeStage stage;
    stage.perform(request("0", "server/discover", ""));
    stage.session().at_once.clear();
    Client& client = stage.perform(listen("1", R"({"resourceSubscriptions":["a","b"]})"));
    CHECK(client.got.empty());
    stage.say(R"({"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"no"}})");
    stage.announce(notification("resources/updated", R"({"uri":"b"})"));
    CHECK(client.got.empty());
    stage.answer("{}");
    REQUIRE(client.got.size() == 2);
    CHECK(client.got[0] == acknowledged("1", R"({"resourceSubscriptions":["b"]})"));
}

TEST_CASE("subscriptions of one client are bounded") {
    BridgeSettings settings;
    settings.max_subscriptions = 2;
    BridgeStage stage(settings);
    Client& client = stage.perform(listen("1", R"({"resourceSubscriptions":["a","b","c"]})"));
    CHECK(client.got == Lines{acknowledged("1", R"({"resourceSubscriptions":["a","b"]})")});
}

TEST_CASE("a client that goes while it is being subscribed leaves nothing behind") {
    BridgeStage stage;
    stage.perform(request("0", "server/discover", ""));
    stage.session().at_once.clear();
    Client& client = stage.perform(listen("1", R"({"resourceSubscriptions":["a","b"]})"));
    stage.cancel(client);
    stage.answer("{}");
    CHECK(client.done);
    CHECK(client.got.empty());
    CHECK(stage.last().find(R"("resources/unsubscribe","params":{"uri":"a"})") !=
          std::string::npos);
    stage.answer("{}");
    CHECK(count(stage.session().got, "resources/subscribe") == 1);
}

TEST_CASE("malformed filters are refused") {
    BridgeStage stage;
    Client& client = stage.perform(request("1", "subscriptions/listen", ""));
    CHECK(client.error("code") == "-32602");
    Client& typed = stage.perform(listen("\"x\"", R"({"toolsListChanged":"yes"})"));
    CHECK(typed.error("code") == "-32602");
    CHECK(stage.service.sessions.empty());
}

TEST_CASE("listens are bounded") {
    BridgeSettings settings;
    settings.max_listens = 1;
    BridgeStage stage(settings);
    Client& first = stage.perform(listen("1", "{}"));
    Client& second = stage.perform(listen("2", "{}"));
    CHECK(second.failure->code() == sdk::ErrorCode::unavailable);
    stage.cancel(first);
    Client& third = stage.perform(listen("3", "{}"));
    CHECK_FALSE(third.failure);
}

TEST_CASE("a listen ends in good order with its session, and with the bridge") {
    BridgeStage stage;
    const auto ended = [](std::string_view id) {
        return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
               R"(,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":)" +
               std::string(id) +
               R"(,"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}})";
    };
    Client& client = stage.perform(listen("\"l\"", kToolsFilter));
    stage.session().stopped.notify();
    stage.worker.poll();
    CHECK(client.done);
    CHECK(client.got.back() == ended("\"l\""));
    Client& next = stage.perform(listen("2", kToolsFilter));
    CHECK(stage.service.sessions.size() == 2);
    CHECK(stage.session(0).ended);
    stage.stop();
    CHECK(next.done);
    CHECK(next.got.back() == ended("2"));
}

TEST_CASE("an anonymous listen has a session of its own") {
    BridgeStage stage;
    Client& client = stage.perform(listen("1", kToolsFilter), "");
    stage.announce(kTools);
    CHECK(client.got.size() == 2);
    stage.cancel(client);
    CHECK(stage.session().ended);
}

TEST_CASE("a client that does not read gets each change once") {
    BridgeStage stage;
    Client& client = stage.perform(listen("1", R"({"toolsListChanged":true})"));
    client.slow = true;
    for (int i = 0; i < 10; ++i)
        stage.announce(kTools);
    CHECK(client.got.size() == 2);
    client.slow = false;
    client.reads.notify();
    stage.worker.poll();
    CHECK(client.got.size() == 3);
}

TEST_CASE("a session with a listen is not idle") {
    BridgeStage stage;
    Client& client = stage.perform(listen("1", "{}"));
    stage.later(std::chrono::hours(1));
    CHECK_FALSE(stage.session().ended);
    CHECK_FALSE(client.done);
}

TEST_CASE("a server that asks outside of any call is refused") {
    BridgeStage stage;
    Client& client = stage.perform(listen("1", kToolsFilter));
    stage.announce(R"({"jsonrpc":"2.0","id":9,"method":"elicitation/create","params":{}})");
    CHECK(stage.last().find(R"("id":9,"error":{"code":-32602)") != std::string::npos);
    stage.announce(R"({"jsonrpc":"2.0","id":10,"method":"roots/list"})");
    CHECK(stage.last().find(R"("id":10,"error":{"code":-32601)") != std::string::npos);
    CHECK(client.got.size() == 1);
}
