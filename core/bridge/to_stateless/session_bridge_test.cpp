// SPDX-License-Identifier: Apache-2.0
// Whole sessions on a stateless server.
#include "shadowcat/sdk/json_edit.hpp"

#include "core/bridge/to_stateless/session_link_scene.hpp"
#include "core/session/transcript.hpp"

using namespace shadowcat::core;

namespace {

/// What the core will use where a test scene uses `open_session_link` itself.
class BridgingConnector final : public sdk::Connector {
public:
    BridgingConnector(sdk::Worker& worker, ServedConnector& inner, UpstreamEra& era,
                      const BridgeSettings& settings)
        : worker_(worker), inner_(inner), era_(era), settings_(settings) {}

    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(
        sdk::LinkEvents& events, const sdk::LinkOptions& options) override {
        return open_session_link(worker_, inner_, events, options, era_, settings_);
    }
    sdk::awaitable<> stop() override { co_return; }
    std::string target() const override { return "bridged"; }

private:
    sdk::Worker& worker_;
    ServedConnector& inner_;
    UpstreamEra& era_;
    const BridgeSettings& settings_;
};

/// What outlives the stage.
class Parts {
public:
    explicit Parts(Isolation isolation)
        : bridged(Stage::settings_of(isolation, isolation == Isolation::shared ? 1 : 0)),
          state_of(std::make_shared<UpstreamState>("bridged", bridged)) {}

    ServedConnector served;
    UpstreamEra era;
    BridgeSettings bridging;
    UpstreamSettings bridged;
    std::shared_ptr<UpstreamState> state_of;
};

/// A session table whose only upstream is a stateless server.
class BridgedStage : private Parts, public Stage {
public:
    explicit BridgedStage(Isolation isolation = Isolation::per_session) : Parts(isolation) {
        std::shared_ptr<Upstream> primary_one = group.members()[0];
        group.replace({std::make_shared<Upstream>(
            worker, state_of, bridged,
            std::make_unique<BridgingConnector>(worker, served, era, bridging), sdk::LinkOptions(),
            registry)});
        spawn_logged(worker, primary_one->stop(), "test.stop");
        worker.poll();
    }

    ServedLink& server(std::size_t index) { return *served.servers.at(index); }
    std::size_t opened() const { return served.servers.size(); }
    const std::string& got(std::size_t index, std::size_t call) {
        return server(index).calls.at(call).request;
    }
    void answer(std::size_t index, std::size_t call, std::string_view result) {
        ServedCall& served_call = server(index).calls.at(call);
        const std::string id(message(served_call.request).id());
        CHECK(served_call.says.try_push(message(shadowcat::core::result(id, result))));
        worker.poll();
    }
    void acknowledge(std::size_t index, std::size_t call) {
        ServedCall& listen = server(index).calls.at(call);
        const std::string filter(
            sdk::json::member(message(listen.request).params(), "notifications"));
        CHECK(listen.says.try_push(message(
            R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":)"
            R"({"notifications":)" +
            filter + "}}")));
        worker.poll();
    }
    void crash(std::size_t index) {
        const sdk::Error error = sdk::upstream_error(sdk::ErrorCode::crashed, "the server ended");
        ServedLinkEnd::end(server(index), error);
        worker.poll();
        server(index).events->on_closed(error);
        worker.poll();
    }
};

const std::string kDiscovered =
    R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true},)"
    R"("resources":{"subscribe":true},"logging":{}}})";

std::string method_of(const std::string& text) { return std::string(message(text).method()); }

}  // namespace

TEST_CASE(
    "a session initialises, calls, is asked and answers, on a server that knows no sessions") {
    BridgedStage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &call = stage.client();
    stage.request(session, hello, kInitialize);
    stage.server(0).calls[0].says.try_push(message(
        R"({"jsonrpc":"2.0","id":0,"error":{"code":-32022,"message":"m","data":{"supported":["2026-07-28"]}}})"));
    stage.worker.poll();
    stage.answer(0, 1, kDiscovered);
    CHECK(session->revision() == "2025-06-18");
    stage.notify(session, kInitialized);
    CHECK(method_of(stage.got(0, 2)) == "subscriptions/listen");
    stage.acknowledge(0, 2);
    stage.request(session, call, call_tool("1", "write"));
    stage.answer(0, 3,
                 R"({"resultType":"input_required","requestState":"s","inputRequests":)"
                 R"({"k":{"method":"sampling/createMessage","params":{}}}})");
    REQUIRE(call.got.size() == 1);
    const std::string question(message(call.got[0]).id());
    stage.notify(session, result(question, R"({"role":"assistant"})"));
    CHECK(
        stage.got(0, 4).find(R"("inputResponses":{"k":{"role":"assistant"}},"requestState":"s")") !=
        std::string::npos);
    stage.answer(0, 4, R"({"resultType":"complete","content":[]})");
    CHECK(call.got.back() == result(1, R"({"content":[]})"));
    CHECK(call.done);
}

TEST_CASE("a session is repaired on a fresh server: greeted, listened to, and subscribed again") {
    BridgedStage stage;
    const auto session = stage.open();
    auto &hello = stage.client(), &subscribed = stage.client(), &level = stage.client();
    stage.request(session, hello, kInitialize);
    stage.server(0).calls[0].says.try_push(
        message(R"({"jsonrpc":"2.0","id":0,"error":{"code":-32601,"message":"m"}})"));
    stage.worker.poll();
    stage.answer(0, 1, kDiscovered);
    stage.notify(session, kInitialized);
    stage.acknowledge(0, 2);
    stage.request(session, subscribed, request("2", "resources/subscribe", R"({"uri":"a://b"})"));
    stage.acknowledge(0, 3);
    CHECK(subscribed.got == Lines{result(2)});
    stage.request(session, level, request("3", "logging/setLevel", R"({"level":"debug"})"));
    CHECK(level.got == Lines{result(3)});
    stage.crash(0);

    auto& list = stage.client();
    stage.request(session, list, request("4", "tools/list"));
    REQUIRE(stage.opened() == 2);
    CHECK(method_of(stage.got(1, 0)) == "server/discover");
    stage.answer(1, 0, kDiscovered);
    REQUIRE(stage.server(1).calls.size() == 2);
    CHECK(method_of(stage.got(1, 1)) == "subscriptions/listen");
    stage.acknowledge(1, 1);
    CHECK(stage.got(1, 2).find(R"("resourceSubscriptions":["a://b"])") != std::string::npos);
    stage.acknowledge(1, 2);
    REQUIRE(stage.server(1).calls.size() == 4);
    CHECK(method_of(stage.got(1, 3)) == "tools/list");
    CHECK(message(stage.got(1, 3)).log_level() == "debug");
    stage.answer(1, 3, R"({"tools":[]})");
    CHECK(list.got == Lines{result(4, R"({"tools":[]})")});
    CHECK(stage.metric("shadowcat_sessions_repaired_total") == 1);
}

TEST_CASE("sessions that share a stateless server each get their own answers") {
    BridgedStage stage(Isolation::shared);
    const auto one = stage.open(), two = stage.open();
    auto &a = stage.client(), &b = stage.client();
    stage.request(one, a, request("1", "tools/list"));
    stage.server(0).calls[0].says.try_push(message(
        R"({"jsonrpc":"2.0","id":"shadowcat-initialize","error":{"code":-32601,"message":"m"}})"));
    stage.worker.poll();
    stage.answer(0, 1, kDiscovered);
    CHECK(method_of(stage.got(0, 2)) == "tools/list");
    CHECK(method_of(stage.got(0, 3)) == "subscriptions/listen");
    stage.request(two, b, request("1", "resources/list"));
    CHECK(method_of(stage.got(0, 4)) == "resources/list");
    stage.answer(0, 4, R"({"resources":[]})");
    stage.answer(0, 2, R"({"tools":[]})");
    CHECK(a.got == Lines{result(1, R"({"tools":[]})")});
    CHECK(b.got == Lines{result(1, R"({"resources":[]})")});
}
