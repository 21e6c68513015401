// SPDX-License-Identifier: Apache-2.0
// A link to a server without sessions (2026-07-28), played as transcripts.
#include "multiplexer_scene.hpp"

using namespace shadowcat::sdk;
using namespace shadowcat::sdk::test;

namespace {

const std::string kVersionMeta = R"("io.modelcontextprotocol/protocolVersion":"2026-07-28")";

std::string request_line(const std::string& id, const std::string& method,
                         const std::string& more_meta = "") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method +
           R"(","params":{"_meta":{)" + kVersionMeta + more_meta + "}}}";
}

const std::string kLogs = R"(,"io.modelcontextprotocol/logLevel":"info")";

std::string tagged(const std::string& method, const std::string& subscription) {
    return R"({"jsonrpc":"2.0","method":"notifications/)" + method +
           R"(","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":)" + subscription +
           "}}}";
}

/// What ends a listen: spelled as servers like it, or as it reaches a client.
std::string end_of(const std::string& id, const std::string& subscription) {
    return R"({"jsonrpc":"2.0","id":)" + id +
           R"(,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":)" +
           subscription + "}}}";
}

std::string cancelled(const std::string& id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id +
           "}}";
}

const std::string kLogLine =
    R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}})";

LinkOptions shared() {
    LinkOptions options;
    options.exclusive = false;
    return options;
}

LinkOptions transparent() {
    LinkOptions options;
    options.ids = IdPolicy::preserve;
    return options;
}

}  // namespace

TEST_CASE("two subscriptions on one link get their own notifications, under their own ids") {
    Client a, b;
    Scene scene(shared());
    scene.call(a, request_line("1", "subscriptions/listen"));
    scene.call(b, request_line("\"1\"", "subscriptions/listen"));
    scene.say(tagged("subscriptions/acknowledged", "2049"));
    scene.say(tagged("subscriptions/acknowledged", "1024"));
    scene.say(tagged("tools/list_changed", "2049"));
    CHECK(a.got == Lines{tagged("subscriptions/acknowledged", "1")});
    CHECK(b.got == Lines{tagged("subscriptions/acknowledged", "\"1\""),
                         tagged("tools/list_changed", "\"1\"")});
    CHECK(scene.events.got.empty());
}

TEST_CASE("the result that ends a subscription names the client's id") {
    Client a;
    Scene scene;
    scene.call(a, request_line("\"sub\"", "subscriptions/listen"));
    scene.say(end_of("1024", "1024"));
    CHECK(a.got == Lines{end_of("\"sub\"", "\"sub\"")});
    CHECK(a.outcome->has_value());
}

TEST_CASE("the rest of such a result stays as the server wrote it") {
    Client a;
    Scene scene;
    scene.call(a, request_line("1", "subscriptions/listen"));
    scene.say(
        R"({"jsonrpc":"2.0","id":1024,"result":{"n":12345678901234567890123,"_meta":{"x":1.50}}})");
    CHECK(
        a.got ==
        Lines{
            R"({"jsonrpc":"2.0","id":1,"result":{"n":12345678901234567890123,"_meta":{"x":1.50,"io.modelcontextprotocol/subscriptionId":1}}})"});
}

TEST_CASE("a server that cancels a subscription ends it as a result would") {
    Client a, b;
    Scene scene;
    scene.call(a, request_line("7", "subscriptions/listen"));
    scene.call(b, request_line("8", "tools/call"));
    scene.say(cancelled("1024"));
    CHECK(a.got == Lines{end_of("7", "7")});
    CHECK(a.outcome->has_value());
    CHECK(b.got.empty());
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{}})");
}

TEST_CASE("a cancellation behind the result is ignored, and so is one of another call") {
    Client a, b;
    Scene scene;
    scene.call(a, request_line("7", "subscriptions/listen"));
    scene.call(b, request_line("8", "tools/call"));
    scene.say(end_of("1024", "1024"));
    scene.say(cancelled("1024"));
    scene.say(cancelled("2049"));
    CHECK(a.got.size() == 1);
    CHECK(b.got.empty());
    CHECK(scene.events.got.empty());
    CHECK_FALSE(b.outcome);
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{}})");
    CHECK(b.got == Lines{R"({"jsonrpc":"2.0","id":8,"result":{}})"});
}

TEST_CASE("notifications of a subscription that has ended reach nobody") {
    Client a, b;
    Scene scene;
    scene.call(a, request_line("1", "subscriptions/listen"));
    a.cancellation.request(downstream_error(ErrorCode::cancelled, "by the client"));
    scene.worker.poll();
    CHECK(scene.server.got.back().find(R"("requestId":1024)") != std::string::npos);
    scene.call(b, request_line("2", "tools/call"));
    scene.say(tagged("tools/list_changed", "1024"));
    scene.say(tagged("tools/list_changed", "2048"));  // a call, but no subscription
    CHECK(a.got.empty());
    CHECK(b.got.empty());
    CHECK(scene.events.got.empty());
}

TEST_CASE("changes that name no subscription are the owner's to judge") {
    Client a;
    Scene scene;
    const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
    scene.call(a, request_line("1", "tools/call"));
    scene.say(changed);
    CHECK(a.got.empty());
    CHECK(scene.events.got == Lines{changed});
}

TEST_CASE("a log message goes to the only call that asked for log messages") {
    Client quiet, logging;
    Scene scene(shared());
    scene.call(logging, request_line("1", "tools/call", kLogs));
    scene.call(quiet, request_line("2", "tools/call"));
    scene.say(kLogLine);
    CHECK(logging.got == Lines{kLogLine});
    CHECK(quiet.got.empty());
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    scene.say(kLogLine);
    CHECK(logging.got.size() == 2);
    CHECK(quiet.got.empty());
    CHECK(scene.events.got.empty());
}

TEST_CASE("a log message that two calls may have caused reaches neither, nor does a late one") {
    Client a, b;
    Scene scene;
    scene.call(a, request_line("1", "tools/call", kLogs));
    scene.call(b, request_line("2", "tools/call", kLogs));
    scene.say(kLogLine);
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{}})");
    scene.say(kLogLine);
    CHECK(a.got.size() == 1);
    CHECK(b.got.size() == 1);
    CHECK(scene.events.got.empty());
}

TEST_CASE("a subscription gets neither log messages nor progress") {
    Client a;
    Scene scene;
    scene.call(a, request_line("1", "subscriptions/listen", kLogs + R"(,"progressToken":5)"));
    scene.say(kLogLine);
    scene.say(
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":1}})");
    CHECK(a.got.empty());
    CHECK(scene.events.got.empty());
}

TEST_CASE("requests of a server without sessions reach nobody and are not answered") {
    Client a;
    Scene scene;
    const std::string ask = R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})";
    scene.call(a, request_line("1", "tools/call"));
    scene.say(ask);
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    scene.say(ask);
    CHECK(a.got.size() == 1);
    CHECK(scene.events.got.empty());
    CHECK(scene.server.got.size() == 1);
}

TEST_CASE("a server that has answered initialize keeps its rights while it is asked to discover") {
    Client opening, probing;
    Scene scene;
    const std::string ask = R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})";
    scene.call(opening, R"({"jsonrpc":"2.0","id":1,"method":"initialize"})");
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    scene.call(probing, request_line("2", "server/discover"));
    scene.say(R"({"jsonrpc":"2.0","id":2048,"error":{"code":-32601,"message":"no"}})");
    scene.say(ask);
    CHECK(scene.events.got == Lines{ask});
}

TEST_CASE("a server that has refused initialize has no sessions once it is spoken to without") {
    Client opening, calling;
    Scene scene;
    scene.call(opening, R"({"jsonrpc":"2.0","id":1,"method":"initialize"})");
    scene.say(R"({"jsonrpc":"2.0","id":1024,"error":{"code":-32601,"message":"no"}})");
    scene.call(calling, request_line("2", "tools/call"));
    scene.say(R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})");
    CHECK(calling.got.empty());
    CHECK(scene.events.got.empty());
}

TEST_CASE("a transparent link leaves a stateless server's messages as they are and drops none") {
    Client listening, calling;
    Scene scene(transparent());
    const std::string listen = request_line("\"s\"", "subscriptions/listen");
    scene.call(listening, listen);
    scene.call(calling, request_line("2", "tools/call"));
    CHECK(scene.server.got.front() == listen);
    const std::string ask = R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})";
    scene.say(tagged("tools/list_changed", "\"s\""));
    scene.say(tagged("tools/list_changed", "\"foreign\""));
    scene.say(kLogLine);
    scene.say(ask);
    scene.say(cancelled("\"s\""));
    CHECK(listening.got == Lines{tagged("tools/list_changed", "\"s\""), cancelled("\"s\"")});
    CHECK(calling.got == Lines{kLogLine, ask});
    CHECK(scene.events.got == Lines{tagged("tools/list_changed", "\"foreign\"")});
    const std::string odd = R"({"jsonrpc":"2.0", "id":"s","result":{ }})";
    scene.say(odd);
    CHECK(listening.got.back() == odd);
}

TEST_CASE("on a transparent link a log message finds the one call that asked for it") {
    Client logging, newer;
    Scene scene(transparent());
    scene.call(logging, request_line("1", "tools/call", kLogs));
    scene.call(newer, request_line("2", "tools/call"));
    scene.say(kLogLine);
    CHECK(logging.got == Lines{kLogLine});
    CHECK(newer.got.empty());
}
