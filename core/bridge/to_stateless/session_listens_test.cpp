// SPDX-License-Identifier: Apache-2.0
// Subscriptions and change notifications of a session, on a stateless server.
#include "shadowcat/sdk/json_edit.hpp"

#include "core/bridge/to_stateless/session_link_scene.hpp"

using namespace shadowcat::core;
using sdk::ErrorCode;

namespace {

const std::string kServer =
    R"({"tools":{"listChanged":true},"prompts":{},"resources":{"subscribe":true}})";
const std::string kInitializedNote = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
const std::string kToolsNote = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";

std::string subscribe(std::string_view id, std::string_view uri, std::string_view un = "") {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":"resources/)" +
           std::string(un) + R"(subscribe","params":{"uri":")" + std::string(uri) + "\"}}";
}

std::string done(std::string_view id) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":{}})";
}

std::string updated(std::string_view uri) {
    return R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":")" +
           std::string(uri) + "\"}}";
}

class ListenScene : public SessionLinkScene {
public:
    explicit ListenScene(const BridgeSettings& how = BridgeSettings())
        : SessionLinkScene(true, how) {
        greet("{}", kServer);
    }

    std::string filter_of(std::size_t call) {
        const sdk::Message listen = parsed(request(call));
        CHECK(listen.method() == "subscriptions/listen");
        CHECK(listen.meta_version() == "2026-07-28");
        return std::string(sdk::json::member(listen.params(), "notifications"));
    }
    void tell(std::size_t call, std::string_view method, std::string_view members = {}) {
        const std::string id(parsed(request(call)).id());
        say(call, R"({"jsonrpc":"2.0","method":"notifications/)" + std::string(method) +
                      R"(","params":{)" + std::string(members) + (members.empty() ? "" : ",") +
                      R"("_meta":{"io.modelcontextprotocol/subscriptionId":)" + id + "}}}");
    }
    void acknowledge(std::size_t call, std::string_view honoured) {
        tell(call, "subscriptions/acknowledged", "\"notifications\":" + std::string(honoured));
    }
    void acknowledge(std::size_t call) { acknowledge(call, filter_of(call)); }
    bool cancelled(std::size_t call) { return served().calls.at(call).cancelled; }
};

}  // namespace

TEST_CASE("once the client is ready it is told of the lists that the server watches") {
    ListenScene scene;
    CHECK(scene.served().calls.size() == 1);
    scene.send(kInitializedNote);
    REQUIRE(scene.served().calls.size() == 2);
    CHECK(scene.filter_of(1) == R"({"toolsListChanged":true})");
    scene.acknowledge(1);
    scene.tell(1, "tools/list_changed");
    scene.tell(1, "prompts/list_changed");
    scene.tell(1, "message", R"("level":"info")");
    CHECK(scene.events.got ==
          Texts{R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{}})"});
}

TEST_CASE("a server that watches nothing is not listened to") {
    SessionLinkScene scene(true);
    scene.greet("{}", R"({"tools":{},"resources":{}})");
    scene.send(kInitializedNote);
    CHECK(scene.served().calls.size() == 1);
}

TEST_CASE("a subscription is answered when the server has acknowledged it") {
    ListenScene scene;
    scene.send(kInitializedNote);
    scene.acknowledge(1);
    auto& subscribed = scene.call(subscribe("5", "a://b"));
    CHECK(subscribed.got.empty());
    CHECK(scene.filter_of(2) == R"({"toolsListChanged":true,"resourceSubscriptions":["a://b"]})");
    CHECK_FALSE(scene.cancelled(1));
    scene.acknowledge(2);
    CHECK(subscribed.got == Texts{done("5")});
    CHECK(scene.cancelled(1));
    scene.tell(2, "resources/updated", R"("uri":"a://b")");
    scene.tell(2, "resources/updated", R"("uri":"x://y")");
    CHECK(scene.events.got == Texts{updated("a://b")});
}

TEST_CASE("unsubscribing is answered at once, and the last one ends the listen") {
    ListenScene scene;
    scene.call(subscribe("5", "a://b"));
    scene.acknowledge(1);
    auto& gone = scene.call(subscribe("6", "a://b", "un"));
    CHECK(gone.got == Texts{done("6")});
    CHECK(scene.cancelled(1));
    CHECK(scene.served().calls.size() == 2);
    auto& never = scene.call(subscribe("7", "x://y", "un"));
    CHECK(never.got == Texts{done("7")});
}

TEST_CASE("a resource that the server does not watch, or a uri that is none") {
    ListenScene scene;
    auto& subscribed = scene.call(subscribe("5", "a://b"));
    scene.acknowledge(1, "{}");
    REQUIRE(subscribed.got.size() == 1);
    CHECK(subscribed.got[0].starts_with(R"({"jsonrpc":"2.0","id":5,"error":{"code":-32602,)"));
    auto& bad = scene.call(R"({"jsonrpc":"2.0","id":6,"method":"resources/subscribe"})");
    CHECK(bad.got.at(0).find("-32602") != std::string::npos);
}

TEST_CASE("a subscription fails when the listen does") {
    ListenScene scene;
    auto& subscribed = scene.call(subscribe("5", "a://b"));
    scene.fail(1, sdk::upstream_error(ErrorCode::unavailable, "answered 503"));
    REQUIRE(subscribed.got.size() == 1);
    CHECK(subscribed.got[0].starts_with(R"({"jsonrpc":"2.0","id":5,"error":{"code":-32603,)"));
}

TEST_CASE("a server that does not acknowledge in time has not taken the subscription") {
    BridgeSettings settings;
    settings.probe_timeout = std::chrono::milliseconds(0);
    ListenScene scene(settings);
    auto& subscribed = scene.call(subscribe("5", "a://b"));
    while (!subscribed.outcome)
        scene.worker.context().run_one();
    CHECK(subscribed.got.at(0).find("-32603") != std::string::npos);
    CHECK(scene.cancelled(1));
}

TEST_CASE("a subscription whose request is cancelled is none") {
    ListenScene scene;
    auto& subscribed = scene.call(subscribe("5", "a://b"));
    scene.cancel(subscribed);
    CHECK(subscribed.got.empty());
    CHECK(subscribed.outcome->error().code() == ErrorCode::cancelled);
    scene.acknowledge(1);
    CHECK(scene.cancelled(1));
}

TEST_CASE("a listen that breaks off is opened again, and everything may have changed") {
    ListenScene scene;
    scene.send(kInitializedNote);
    scene.acknowledge(1);
    scene.call(subscribe("5", "a://b"));
    scene.acknowledge(2);
    scene.fail(2, sdk::upstream_error(ErrorCode::crashed, "the stream broke off"));
    CHECK(scene.served().calls.size() == 3);
    while (scene.served().calls.size() == 3)
        scene.worker.context().run_one();
    CHECK(scene.filter_of(3) == R"({"toolsListChanged":true,"resourceSubscriptions":["a://b"]})");
    CHECK(scene.events.got.empty());
    scene.acknowledge(3);
    CHECK(scene.events.got == Texts{kToolsNote, updated("a://b")});
}

TEST_CASE("a server may end a listen with a result or by cancelling it") {
    for (const bool politely : {true, false}) {
        ListenScene scene;
        scene.send(kInitializedNote);
        scene.acknowledge(1);
        const std::string id(scene.parsed(scene.request(1)).id());
        if (politely) {
            scene.say(1,
                      R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"resultType":"complete"}})");
        } else {
            scene.say(1, R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                         R"("params":{"requestId":)" +
                             id + "}}");
        }
        CHECK(scene.served().calls[1].over);
        auto& subscribed = scene.call(subscribe("5", "a://b"));
        CHECK(scene.served().calls.size() == 3);
        scene.acknowledge(2);
        CHECK(subscribed.got == Texts{done("5")});
        CHECK(scene.events.got == Texts{kToolsNote});
    }
}

TEST_CASE("a server without listens refuses them once") {
    ListenScene scene;
    scene.send(kInitializedNote);
    const std::string id(scene.parsed(scene.request(1)).id());
    scene.say(1, R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":-32601,"message":"m"}})");
    scene.send(kInitializedNote);
    CHECK(scene.served().calls.size() == 2);
}

TEST_CASE("listens are ended with the link, and nobody waits for them any more") {
    for (const bool closes : {true, false}) {
        ListenScene scene;
        scene.send(kInitializedNote);
        scene.acknowledge(1);
        auto& subscribed = scene.call(subscribe("5", "a://b"));
        if (closes) {
            scene.close();
            CHECK(scene.cancelled(1));
            CHECK(scene.cancelled(2));
        } else {
            scene.crash();
        }
        REQUIRE(subscribed.outcome);
        CHECK(scene.served().calls.size() == 3);
        CHECK(scene.worker.gate().inside() == 0);
    }
}

TEST_CASE("there are no more subscriptions than configured") {
    BridgeSettings settings;
    settings.max_subscriptions = 1;
    ListenScene scene(settings);
    scene.call(subscribe("5", "a://b"));
    scene.acknowledge(1);
    auto& refused = scene.call(subscribe("6", "a://c"));
    CHECK(refused.got.at(0).find("-32603") != std::string::npos);
    CHECK(scene.served().calls.size() == 2);
}
