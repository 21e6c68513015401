// SPDX-License-Identifier: Apache-2.0
// The bridge on the core's own sessions: what servers see of stateless clients, as transcripts.
#include "shadowcat/sdk/json_edit.hpp"

#include "core/bridge/to_sessions/stateless_bridge.hpp"
#include "core/session/transcript.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

class BridgedStage : public Stage {
public:
    ~BridgedStage() {
        spawn_logged(worker, bridge.stop(), "test.stop");
        worker.poll();
    }

    class Exchange {
    public:
        ScriptedClient client;
        sdk::Cancellation cancellation;
    };

    Exchange& perform(std::string_view id, std::string_view method, std::string_view params,
                      std::string_view capabilities = "{}") {
        Exchange& exchange = exchanges.emplace_back();
        const std::string text =
            R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":")" + std::string(method) +
            R"(","params":{)" + std::string(params) +
            R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
            R"("io.modelcontextprotocol/clientCapabilities":)" +
            std::string(capabilities) + "}}}";
        spawn_logged(worker, run(*this, exchange, message(text)), "test.perform");
        worker.poll();
        return exchange;
    }

    /// The newest server answers its `nth` call, `initialize` being the first.
    void hello(std::size_t server = 0) {
        say(server, result(id_of_call(1), R"({"protocolVersion":"2025-11-25","capabilities":)"
                                          R"({"resources":{"subscribe":true}}})"));
    }

    void until_done(const Exchange& exchange) {
        const auto limit = sdk::Clock::now() + std::chrono::seconds(2);
        while (!exchange.client.done && sdk::Clock::now() < limit) {
            worker.context().restart();
            worker.context().run_one_for(std::chrono::milliseconds(50));
        }
        REQUIRE(exchange.client.done);
    }

    static std::string member(const Exchange& exchange, std::string_view key) {
        return std::string(sdk::json::at(exchange.client.got.back(), {"result", key}));
    }

    BridgeSettings how;
    Seal seal;
    StatelessBridge bridge = StatelessBridge(worker, table, how, seal);
    std::deque<Exchange> exchanges;

private:
    static sdk::awaitable<> run(BridgedStage& stage, Exchange& exchange, sdk::Message request) {
        const sdk::ClientInfo who("alice", "");
        co_await stage.bridge.perform(std::move(request), who, exchange.client,
                                      exchange.cancellation);
        exchange.client.done = true;
    }
};

}  // namespace

TEST_CASE("a server's question reaches the client as an input request, its answer the server") {
    BridgedStage stage;
    auto& asked = stage.perform("0", "tools/call", R"("name":"t",)", R"({"roots":{}})");
    stage.hello();
    REQUIRE(stage.servers.at(0)->got.size() == 3);
    CHECK(stage.servers[0]->got[2] ==
          R"({"jsonrpc":"2.0","id":2048,"method":"tools/call","params":{"name":"t","_meta":{}}})");
    stage.say(0, R"({"jsonrpc":"2.0","id":0,"method":"roots/list"})");
    stage.until_done(asked);
    CHECK(stage.member(asked, "inputRequests") == R"({"k1":{"method":"roots/list"}})");
    auto& retry =
        stage.perform("1", "tools/call",
                      R"("name":"t","inputResponses":{"k1":{"roots":[]}},"requestState":)" +
                          stage.member(asked, "requestState") + ",",
                      R"({"roots":{}})");
    CHECK(stage.servers[0]->got.back() == R"({"jsonrpc":"2.0","id":0,"result":{"roots":[]}})");
    stage.say(0, result(id_of_call(2), R"({"content":[]})"));
    CHECK(retry.client.done);
    CHECK(stage.member(retry, "content") == "[]");
    CHECK(stage.servers.size() == 1);
}

TEST_CASE("a server that asks for what was not declared is refused, and may go on") {
    BridgedStage stage;
    auto& exchange = stage.perform("0", "tools/call", R"("name":"t",)");
    stage.hello();
    stage.say(0, R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})");
    CHECK(stage.servers.at(0)->got.back().find("-32601") != std::string::npos);
    stage.say(0, result(id_of_call(2)));
    CHECK(stage.member(exchange, "resultType") == "\"complete\"");
}

TEST_CASE("a client that goes cancels the call at the server") {
    BridgedStage stage;
    auto& exchange = stage.perform("0", "tools/call", R"("name":"t",)");
    stage.hello();
    exchange.cancellation.request(sdk::downstream_error(sdk::ErrorCode::cancelled, "gone"));
    stage.worker.poll();
    CHECK(exchange.client.done);
    CHECK(exchange.client.got.empty());
    CHECK(stage.servers.at(0)->got.back() ==
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2048}})");
}

TEST_CASE("a crash in mid-call is a gateway error; the next call meets a fresh server") {
    BridgedStage stage;
    auto& exchange = stage.perform("0", "tools/call", R"("name":"t",)");
    stage.hello();
    stage.crash(0);
    REQUIRE(exchange.client.done);
    REQUIRE(exchange.client.failure);
    CHECK(exchange.client.failure->code() == sdk::ErrorCode::crashed);
    auto& next = stage.perform("1", "tools/call", R"("name":"t",)");
    REQUIRE(stage.servers.size() == 2);
    stage.hello(1);
    stage.say(1, result(id_of_call(2)));
    CHECK(stage.member(next, "resultType") == "\"complete\"");
}

TEST_CASE("a server that has forgotten the session gets the call again, initialised anew") {
    BridgedStage stage;
    auto& first = stage.perform("0", "tools/call", R"("name":"t",)");
    stage.hello();
    stage.say(0, result(id_of_call(2)));
    CHECK(first.client.done);
    stage.servers[0]->fails_with =
        sdk::upstream_error(sdk::ErrorCode::unknown_session, "the server answered 404");
    auto& second = stage.perform("1", "tools/call", R"("name":"t",)");
    REQUIRE(stage.servers.size() == 2);
    stage.hello(1);
    CHECK(stage.servers[1]->got.back().find("tools/call") != std::string::npos);
    stage.say(1, result(id_of_call(2)));
    REQUIRE(second.client.done);
    CHECK_FALSE(second.client.failure);
    CHECK(stage.member(second, "resultType") == "\"complete\"");
}

TEST_CASE("a listen follows the session's own stream") {
    BridgedStage stage;
    auto& listen = stage.perform(
        "\"l\"", "subscriptions/listen",
        R"("notifications":{"resourceSubscriptions":["a"],"toolsListChanged":true},)");
    stage.hello();
    CHECK(stage.servers.at(0)->listening);
    stage.say(0, result(id_of_call(2)));
    REQUIRE(listen.client.got.size() == 1);
    CHECK(listen.client.got[0].find(R"("notifications":{"resourceSubscriptions":["a"]})") !=
          std::string::npos);
    stage.say(0, kToolsChanged);
    stage.say(
        0, R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a"}})");
    REQUIRE(listen.client.got.size() == 2);
    CHECK(
        listen.client.got[1] ==
        R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a","_meta":{"io.modelcontextprotocol/subscriptionId":"l"}}})");
    listen.cancellation.request(sdk::downstream_error(sdk::ErrorCode::cancelled, "gone"));
    stage.worker.poll();
    CHECK(listen.client.done);
    CHECK(stage.servers[0]->got.back().find("resources/unsubscribe") != std::string::npos);
    CHECK_FALSE(stage.servers[0]->listening);
}
