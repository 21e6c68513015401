// SPDX-License-Identifier: Apache-2.0
// What the access log and traces get from the listener.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

constexpr std::string_view kCall = R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})";
const std::string kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The journal's line for a refusal.
std::string refused(int status, const std::string& reason, const std::string& method,
                    std::size_t bytes) {
    return "refused " + std::to_string(status) + " " + reason + " method=" + method +
           " bytes=" + std::to_string(bytes) + " code=-32";
}

class RecordScene {
public:
    RecordScene() : client(rig.connect()) {}

    /// The traceparent that the session saw, as JSON.
    std::string trace(const std::string& fields, std::string_view params = "{}") {
        const std::string body =
            R"({"jsonrpc":"2.0","id":1,"method":"trace","params":)" + std::string(params) + "}";
        const Response response =
            client.ask(post(body, "Mcp-Session-Id: " + session + "\r\n" + fields));
        const std::size_t at = response.body.find("\"result\":");
        return at == std::string::npos ? response.body : response.body.substr(at + 9);
    }

    ListenerRig rig;
    RawClient client;
    std::string session;
};

}  // namespace

TEST_CASE("a request that no session has seen is reported, with what is known of it") {
    RecordScene scene;
    const Journal& journal = scene.rig.host.journal;
    scene.client.ask(post(kCall));
    CHECK(journal.has_any(refused(400, "session_missing", "tools/call", kCall.size())));
    scene.client.ask(post_in("0-999", kCall));
    scene.client.ask(post_in("1-999", kCall));
    CHECK(journal.has_any(refused(404, "session_unknown", "tools/call", kCall.size())));
    scene.client.ask(request("PUT", ""));
    CHECK(journal.has_any(refused(405, "method", "", 0)));
    scene.client.ask(post("{]"));
    CHECK(journal.has_any(refused(400, "message", "", 2)));
    scene.client.ask(post(kCall, "Origin: http://evil.example\r\n"));
    CHECK(journal.has_any(refused(403, "origin", "", kCall.size())));
    scene.rig.host.service(0).max_sessions = 0;
    scene.rig.host.service(1).max_sessions = 0;
    scene.client.ask(post(kInitialize));
    CHECK(journal.has_any(refused(503, "session_limit", "initialize", kInitialize.size())));
    CHECK(journal.count_any("refused ") == 7);
}

TEST_CASE("what a session refused, and other paths, are not reported") {
    RecordScene scene;
    const std::string session = scene.rig.open_session(scene.client);
    const std::string refuse = R"({"jsonrpc":"2.0","method":"refuse"})";
    CHECK(scene.client.ask(post_in(session, refuse)).status == 400);
    CHECK(scene.client.ask(request("GET", "", "/nowhere")).status == 404);
    CHECK(scene.client.ask(request("PUT", "", "/health")).status == 405);
    CHECK_FALSE(scene.rig.host.journal.has_any("refused "));
}

TEST_CASE("a traceparent header goes into the message while requests are traced") {
    RecordScene scene;
    scene.session = scene.rig.open_session(scene.client);
    const std::string field = "traceparent: " + kTrace + "\r\n";
    CHECK(scene.trace(field) == "\"\"}");
    scene.rig.host.tracing = true;
    CHECK(scene.trace(field) == "\"" + kTrace + "\"}");
    CHECK(scene.trace("") == "\"\"}");
}

TEST_CASE("a message's own traceparent counts, and an unsound or repeated header doesn't") {
    RecordScene scene;
    scene.session = scene.rig.open_session(scene.client);
    scene.rig.host.tracing = true;
    const std::string field = "traceparent: " + kTrace + "\r\n";
    CHECK(scene.trace(field, R"({"_meta":{"traceparent":"mine"}})") == "\"mine\"}");
    CHECK(scene.trace(field + field) == "\"\"}");
    CHECK(scene.trace("traceparent: 00-x-y-01\r\n") == "\"\"}");
}
