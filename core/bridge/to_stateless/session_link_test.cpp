// SPDX-License-Identifier: Apache-2.0
// A link for a session, whatever the server speaks: who is asked what, who gets which answer.
#include "core/bridge/to_stateless/session_link_scene.hpp"

using namespace shadowcat::core;
using sdk::ErrorCode;

namespace {

using Known = UpstreamEra::Known;

const std::string kHello = initialize_of("{}");
const std::string kLegacyAnswer =
    R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{}}})";
const std::string kRefusal =
    R"({"jsonrpc":"2.0","id":0,"error":{"code":-32601,"message":"what?"}})";
const std::string kGreeting =
    R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{},"serverInfo":{"name":"s","version":"2"},"instructions":"be kind"}})";
const std::string kDiscover =
    R"({"jsonrpc":"2.0","id":"shadowcat-discover","method":"server/discover","params":{"_meta":{)" +
    meta_of("{}") + "}}}";

std::string discover_error(int code, std::string_view data = "{}") {
    return R"({"jsonrpc":"2.0","id":"shadowcat-discover","error":{"code":)" + std::to_string(code) +
           R"(,"message":"m","data":)" + std::string(data) + "}}";
}

std::string list(std::string_view id) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":"tools/list","params":{}})";
}

std::string with_meta(std::string_view id, std::string_view meta) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
           R"(,"method":"tools/list","params":{"_meta":{)" + std::string(meta) + "}}}";
}

int code_of(const std::string& text) {
    return sdk::error_code_of(SessionLinkScene::parsed(text)).value_or(0);
}

}  // namespace

TEST_CASE("a server that answers initialize has sessions, and everything passes as it is") {
    SessionLinkScene scene;
    auto& hello = scene.call(kHello);
    CHECK(scene.request(0) == kHello);
    scene.say(0, kLegacyAnswer);
    CHECK(hello.got == Texts{kLegacyAnswer});
    CHECK(scene.era.sessions() == Known::yes);
    scene.send(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    CHECK(scene.served().told.size() == 1);
    auto& listed = scene.call(list("7"));
    CHECK(scene.request(1) == list("7"));
    const std::string answer = R"({"jsonrpc":"2.0","id":7,"result":{"resultType":"complete"}})";
    scene.say(1, answer);
    CHECK(listed.got == Texts{answer});
    scene.say_unasked(R"({"jsonrpc":"2.0","id":1,"method":"roots/list"})");
    CHECK(scene.events.got.size() == 1);
    scene.link->set_listening(true);
    CHECK(scene.served().listening);
}

TEST_CASE("of a server that is known to have sessions the link is as it comes") {
    SessionLinkScene scene;
    scene.era.learn_sessions(true);
    scene.link.reset();
    scene.worker.poll();
    spawn_logged(scene.worker, scene.open(), "test.open");
    scene.worker.poll();
    CHECK(scene.connector.servers.at(1)->events == &scene.events);
}

TEST_CASE("a server that refuses initialize and can be discovered is bridged from then on") {
    SessionLinkScene scene;
    auto& hello = scene.call(kHello);
    scene.link->set_listening(true);
    scene.say(0, kRefusal);
    CHECK(hello.got.empty());
    CHECK(scene.request(1) == kDiscover);
    scene.say(1, discovered("{}"));
    CHECK(hello.got == Texts{kGreeting});
    CHECK(scene.era.sessions() == Known::no);
    CHECK(scene.era.stateless() == Known::yes);
    CHECK_FALSE(scene.served().listening);
    scene.link->set_listening(true);
    CHECK_FALSE(scene.served().listening);
    scene.call(list("7"));
    CHECK(scene.request(2) == with_meta("7", meta_of("{}")));
}

TEST_CASE("a call that fails as if the server had no words for it is followed by a discovery") {
    SessionLinkScene scene;
    auto& hello = scene.call(kHello);
    scene.fail(0, sdk::upstream_error(ErrorCode::protocol, "answered 405"));
    CHECK(scene.request(1) == kDiscover);
    scene.say(1, discovered("{}"));
    CHECK(hello.got == Texts{kGreeting});
}

TEST_CASE("a server that can't be discovered either has the last word about initialize") {
    for (const bool silent : {false, true}) {
        BridgeSettings settings;
        if (silent) settings.probe_timeout = std::chrono::milliseconds(0);
        SessionLinkScene scene(false, settings);
        auto& hello = scene.call(kHello);
        scene.say(0, kRefusal);
        if (!silent) scene.say(1, discover_error(-32601));
        while (silent && !hello.outcome)
            scene.worker.context().run_one();
        CHECK(hello.got == Texts{kRefusal});
        CHECK(scene.era.sessions() == Known::unknown);
        CHECK(scene.era.stateless() == Known::unknown);
    }
}

TEST_CASE("a failure is given to the client when there is nothing else to say") {
    SessionLinkScene scene;
    auto& hello = scene.call(kHello);
    scene.fail(0, sdk::upstream_error(ErrorCode::protocol, "answered 401"));
    scene.fail(1, sdk::upstream_error(ErrorCode::protocol, "answered 401"));
    REQUIRE(hello.outcome->has_error());
    CHECK(hello.outcome->error().message() == "answered 401");
}

TEST_CASE("timeouts, crashes and refused connections say nothing about the era") {
    for (const ErrorCode code : {ErrorCode::timed_out, ErrorCode::crashed, ErrorCode::unreachable,
                                 ErrorCode::unavailable, ErrorCode::closed}) {
        SessionLinkScene scene;
        auto& hello = scene.call(kHello);
        scene.fail(0, sdk::upstream_error(code, "no"));
        CHECK(scene.served().calls.size() == 1);
        CHECK(hello.outcome->error().code() == code);
        CHECK(scene.era.sessions() == Known::unknown);
    }
}

TEST_CASE("which answers to a discovery show a stateless server of our revision") {
    const auto judged = [](const std::string& answer) {
        SessionLinkScene scene;
        scene.call(kHello);
        scene.say(0, kRefusal);
        scene.say(1, answer);
        return scene.era.stateless() == Known::yes;
    };
    CHECK(judged(discovered("{}")));
    CHECK(judged(discover_error(-32020)));
    CHECK(judged(discover_error(-32021)));
    CHECK(judged(discover_error(-32022, R"({"supported":["2027-01-01","2026-07-28"]})")));
    CHECK_FALSE(judged(discover_error(-32022, R"({"supported":["2027-01-01"]})")));
    CHECK_FALSE(judged(discover_error(-32601)));
    CHECK_FALSE(judged(discover_error(-32000)));
    CHECK_FALSE(judged(
        R"({"jsonrpc":"2.0","id":"shadowcat-discover","result":{"supportedVersions":["2027-01-01"]}})"));
    CHECK_FALSE(judged(R"({"jsonrpc":"2.0","id":"shadowcat-discover","result":{}})"));
}

TEST_CASE("a server known to be stateless is never asked to initialize") {
    SessionLinkScene scene(true);
    auto& hello =
        scene.call(initialize_of(R"({"roots":{"listChanged":true},"tasks":{}})", "2025-06-18"));
    CHECK(scene.request(0).find(R"("method":"server/discover")") != std::string::npos);
    CHECK(scene.request(0).find(meta_of(R"({"roots":{}})")) != std::string::npos);
    scene.say(0, discovered(R"({"tools":{}})"));
    REQUIRE(hello.got.size() == 1);
    CHECK(hello.got[0].starts_with(
        R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18",)"
        R"("capabilities":{"tools":{}})"));
}

TEST_CASE("a server that is no longer stateless is asked as one with sessions") {
    SessionLinkScene scene(true);
    auto& hello = scene.call(kHello);
    scene.say(0, discover_error(-32601));
    CHECK(scene.era.sessions() == Known::unknown);
    CHECK(scene.request(1) == kHello);
    scene.say(1, kLegacyAnswer);
    CHECK(hello.got == Texts{kLegacyAnswer});
    CHECK(scene.era.sessions() == Known::yes);
    scene.call(list("7"));
    CHECK(scene.request(2) == list("7"));
}

TEST_CASE("a stateless server that can't be reached is not forgotten") {
    SessionLinkScene scene(true);
    auto& hello = scene.call(kHello);
    scene.fail(0, sdk::upstream_error(ErrorCode::unavailable, "answered 503"));
    CHECK(hello.outcome->error().code() == ErrorCode::unavailable);
    CHECK(scene.era.stateless() == Known::yes);
    CHECK(scene.served().calls.size() == 1);
}

TEST_CASE("a server that speaks another revision now is found out anew with the next link") {
    SessionLinkScene scene(true);
    scene.greet();
    auto& listed = scene.call(list("1"));
    scene.say(1, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"m","data":)"
                 R"({"supported":["2027-01-01"],"requested":"2026-07-28"}}})");
    CHECK(code_of(listed.got.at(0)) == -32603);
    CHECK(scene.era.stateless() == Known::unknown);
}

TEST_CASE("results lose what a session doesn't know; progress and the log pass, nothing else") {
    SessionLinkScene scene(true);
    scene.greet("{}", R"({"logging":{}})");
    auto& level = scene.call(
        R"({"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"info"}})");
    CHECK(level.got == Texts{R"({"jsonrpc":"2.0","id":1,"result":{}})"});
    auto& listed = scene.call(list("2"));
    CHECK(scene.request(1) == with_meta("2", meta_of("{}", "info")));
    const std::string progress =
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1}})";
    const std::string log =
        R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}})";
    scene.say(1, progress);
    scene.say(1, R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    scene.say(1, R"({"jsonrpc":"2.0","id":5,"method":"roots/list"})");
    scene.say(1, log);
    scene.say(1, R"({"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","tools":[],)"
                 R"("ttlMs":100,"cacheScope":"public"}})");
    CHECK(listed.got == Texts{progress, log, R"({"jsonrpc":"2.0","id":2,"result":{"tools":[]}})"});
    CHECK(listed.outcome->has_value());
}

TEST_CASE("without a level there are no log messages, and an unknown one is refused") {
    SessionLinkScene scene(true);
    scene.greet("{}", R"({"logging":{}})");
    auto& level = scene.call(
        R"({"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"loud"}})");
    CHECK(code_of(level.got.at(0)) == -32602);
    auto& listed = scene.call(list("2"));
    scene.say(1, R"({"jsonrpc":"2.0","method":"notifications/message","params":{}})");
    CHECK(listed.got.empty());
}

TEST_CASE("what the server does not offer, and what the eras don't share, is not found") {
    SessionLinkScene scene(true);
    scene.greet();
    for (const char* method :
         {"logging/setLevel", "resources/subscribe", "resources/unsubscribe", "tasks/get",
          "tasks/list", "tasks/cancel", "subscriptions/listen", "server/discover", "x/y",
          "resources/other", "notifications/cancelled", "sampling/createMessage"}) {
        auto& refused = scene.call(R"({"jsonrpc":"2.0","id":"i","method":")" + std::string(method) +
                                   R"(","params":{"uri":"a"}})");
        REQUIRE(refused.got.size() == 1);
        CHECK(refused.got[0].find(R"("id":"i")") != std::string::npos);
        CHECK(code_of(refused.got[0]) == -32601);
    }
    CHECK(scene.served().calls.size() == 1);
}

TEST_CASE("a ping goes to the server as a discovery, whose answer counts whatever it says") {
    SessionLinkScene scene(true);
    scene.greet();
    auto& good = scene.call(R"({"jsonrpc":"2.0","id":"p","method":"ping"})");
    CHECK(scene.request(1) == kDiscover);
    scene.say(1, discover_error(-32000));
    CHECK(good.got == Texts{R"({"jsonrpc":"2.0","id":"p","result":{}})"});
    auto& bad = scene.call(R"({"jsonrpc":"2.0","id":"p","method":"ping"})");
    scene.fail(2, sdk::upstream_error(ErrorCode::unavailable, "answered 503"));
    CHECK(bad.got.empty());
    CHECK(bad.outcome->error().code() == ErrorCode::unavailable);
}

TEST_CASE("a health check's own discovery passes as it is") {
    SessionLinkScene scene(true);
    auto& checked = scene.call(kDiscover);
    CHECK(scene.request(0) == kDiscover);
    scene.say(0, discovered("{}"));
    CHECK(checked.got == Texts{discovered("{}")});
}

TEST_CASE("nothing that a session's client only tells reaches the server") {
    SessionLinkScene scene(true);
    scene.greet();
    for (const char* method : {"initialized", "roots/list_changed", "progress", "cancelled", "x"}) {
        scene.send(R"({"jsonrpc":"2.0","method":"notifications/)" + std::string(method) + "\"}");
    }
    scene.send(R"({"jsonrpc":"2.0","id":"shadowcat-1-1","result":{}})");
    CHECK(scene.served().told.empty());
    CHECK(scene.served().calls.size() == 1);
}

TEST_CASE("a stateless server may not ask, nor tell without being asked") {
    SessionLinkScene scene(true);
    scene.greet();
    scene.say_unasked(R"({"jsonrpc":"2.0","id":1,"method":"roots/list"})");
    scene.say_unasked(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    CHECK(scene.events.got.empty());
    CHECK(scene.served().told.empty());
}

TEST_CASE("a cancelled call is cancelled on the server's link and says nothing more") {
    SessionLinkScene scene(true);
    scene.greet();
    auto& listed = scene.call(list("1"));
    scene.cancel(listed);
    CHECK(scene.served().calls[1].cancelled);
    CHECK(listed.got.empty());
    CHECK(listed.outcome->error().code() == ErrorCode::cancelled);
}

TEST_CASE("a call fails as its link does, and the session learns of the end") {
    SessionLinkScene scene(true);
    scene.greet();
    auto& listed = scene.call(list("1"));
    scene.crash();
    CHECK(listed.outcome->error().code() == ErrorCode::crashed);
    REQUIRE(scene.events.closed);
    CHECK(scene.events.closed->code() == ErrorCode::crashed);
    CHECK_FALSE(scene.link->alive());
}

TEST_CASE("closing closes the server's link, once it is gone nothing is told") {
    SessionLinkScene scene;
    scene.close();
    CHECK(scene.served().closed);
    scene.say_unasked(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    CHECK(scene.events.got.empty());
    scene.close();
}

TEST_CASE("a link that nobody closed is closed in the background") {
    SessionLinkScene scene(true);
    scene.greet();
    scene.link.reset();
    scene.worker.poll();
    CHECK(scene.served().closed);
}
