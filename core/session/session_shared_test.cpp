// SPDX-License-Identifier: Apache-2.0
// Sessions that share one server.
#include "core/session/scripted_upstream.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

/// Two sessions on one initialised server.
class SharedStage : public Stage {
public:
    SharedStage() : Stage(SessionSettings(), Isolation::shared, 1), one(open()), two(open()) {
        ScriptedClient client;
        request(one, client, R"({"jsonrpc":"2.0","id":0,"method":"tools/list"})");
        REQUIRE(servers.size() == 1);
        say(0,
            R"({"jsonrpc":"2.0","id":1024,"result":{"protocolVersion":"2025-06-18","serverInfo":{"name":"x"}}})");
        say(0, R"({"jsonrpc":"2.0","id":2048,"result":{}})");
        CHECK(client.done);
        ScriptedClient other;
        request(two, other, R"({"jsonrpc":"2.0","id":0,"method":"tools/list"})");
        say(0, R"({"jsonrpc":"2.0","id":3072,"result":{}})");
        servers[0]->got.clear();
    }

    std::shared_ptr<sdk::ClientSession> one, two;
};

}  // namespace

TEST_CASE(
    "the proxy initialises the server once, without capabilities, and answers every client "
    "itself") {
    Stage stage(SessionSettings(), Isolation::shared, 1);
    const auto session = stage.open();
    auto& client = stage.client();
    stage.request(
        session, client,
        R"({"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{"roots":{}}}})");
    CHECK(stage.servers[0]->got.at(0).find(R"("capabilities":{})") != std::string::npos);
    stage.say(
        0,
        R"({"jsonrpc":"2.0","id":1024,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"x"}}})");
    CHECK(
        client.got ==
        Lines{
            R"({"jsonrpc":"2.0","id":7,"result":{"protocolVersion":"2025-03-26","serverInfo":{"name":"x"}}})"});
    CHECK(session->revision() == "2025-03-26");
    stage.notify(session, R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    CHECK(stage.servers[0]->got.size() == 2);
    CHECK(stage.servers[0]->got.at(1) ==
          R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
}

TEST_CASE("the same id from two sessions gets two answers") {
    SharedStage stage;
    auto &a = stage.client(), &b = stage.client();
    stage.request(stage.one, a, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    stage.request(stage.two, b, R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})");
    stage.say(0, R"({"jsonrpc":"2.0","id":5121,"result":"b"})");
    CHECK(a.got.empty());
    CHECK(b.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":"b"})"});
}

TEST_CASE("changes go to all, updates to subscribers, log lines to nobody, requests are refused") {
    SharedStage stage;
    auto &first = stage.client(), &second = stage.client(), &subscribe = stage.client();
    stage.listen(stage.one, first);
    stage.listen(stage.two, second);
    stage.request(
        stage.one, subscribe,
        R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"a://b"}})");
    const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
    const std::string updated =
        R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a://b"}})";
    stage.say(0, changed);
    stage.say(0, updated);
    stage.say(
        0,
        R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"secret"}})");
    CHECK(first.got == Lines{changed, updated});
    CHECK(second.got == Lines{changed});
    stage.say(0, R"({"jsonrpc":"2.0","id":3,"method":"roots/list"})");
    CHECK(stage.servers[0]->got.back().find("-32601") != std::string::npos);
}

TEST_CASE("only the last subscriber's unsubscription reaches the server") {
    SharedStage stage;
    auto &a = stage.client(), &b = stage.client(), &c = stage.client(), &d = stage.client();
    const auto subscribe =
        R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"u"}})";
    const auto unsubscribe =
        R"({"jsonrpc":"2.0","id":2,"method":"resources/unsubscribe","params":{"uri":"u"}})";
    stage.request(stage.one, a, subscribe);
    stage.request(stage.two, b, subscribe);
    CHECK(stage.servers[0]->got.size() == 2);
    stage.request(stage.one, c, unsubscribe);
    CHECK(c.got == Lines{R"({"jsonrpc":"2.0","id":2,"result":{}})"});
    CHECK(stage.servers[0]->got.size() == 2);
    stage.request(stage.two, d, unsubscribe);
    CHECK(stage.servers[0]->got.size() == 3);
}

TEST_CASE("one session's end leaves the server to the other") {
    SharedStage stage;
    stage.end(stage.one);
    CHECK_FALSE(stage.servers[0]->closed);
    auto& b = stage.client();
    stage.request(stage.two, b, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    CHECK(stage.servers[0]->got.size() == 1);
}

TEST_CASE("a lost server is opened and initialised again for the next request") {
    SharedStage stage;
    stage.crash(0);
    auto& client = stage.client();
    stage.request(stage.two, client, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    REQUIRE(stage.servers.size() == 2);
    stage.say(1, R"({"jsonrpc":"2.0","id":1024,"result":{"protocolVersion":"2025-06-18"}})");
    stage.say(1, R"({"jsonrpc":"2.0","id":2048,"result":{}})");
    CHECK(client.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":{}})"});
}
