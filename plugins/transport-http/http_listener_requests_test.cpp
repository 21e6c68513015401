// SPDX-License-Identifier: Apache-2.0
// What clients get for what they ask: JSON, event streams, statuses, sessions.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

std::string named_call(std::string_view method, std::string_view name = {}) {
    std::string text = R"({"jsonrpc":"2.0","id":"call-1","method":")" + std::string(method) + '"';
    if (!name.empty()) text += R"(,"params":{"name":")" + std::string(name) + "\"}";
    return text + "}";
}

const std::string kEnd = R"("id":"call-1")";

}  // namespace

TEST_CASE("initialize opens a session and names it") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const Response response = client.ask(post(kInitialize));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "application/json");
    CHECK(response.field("mcp-session-id").ends_with("-1"));
    CHECK(response.body.find(R"("protocolVersion":"2025-06-18")") != std::string::npos);
    CHECK_FALSE(response.field("date").empty());
    CHECK(response.field("connection").empty());
}

TEST_CASE("an initialize that fails leaves no session and names none") {
    ListenerRig rig(Json::object(), 1);
    RawClient client = rig.connect();
    const Response response = client.ask(
        post(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"name":"bad"}})"));
    CHECK(response.status == 200);
    CHECK(response.body.find("-32602") != std::string::npos);
    CHECK(response.field("mcp-session-id").empty());
    CHECK(rig.host.journal.wait_for("ended 0-1"));
}

TEST_CASE("a response without preliminaries is one JSON body") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const Response response = client.ask(post_in(session, named_call("where")));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "application/json");
    CHECK(response.field("content-length") == std::to_string(response.body.size()));
    CHECK(response.body ==
          R"({"jsonrpc":"2.0","id":"call-1","result":)" + session.substr(0, 1) + "}");
}

TEST_CASE("an error of the server is a success of the transport") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const Response response = client.ask(post_in(session, named_call("unknown/method")));
    CHECK(response.status == 200);
    CHECK(response.body.find("-32601") != std::string::npos);
}

TEST_CASE("anything before the response makes an event stream, the response last") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const Response response = client.ask(post_in(session, named_call("notes")));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "text/event-stream");
    CHECK(response.field("cache-control") == "no-cache");
    CHECK(response.field("x-accel-buffering") == "no");
    CHECK(response.field("transfer-encoding") == "chunked");
    CHECK(response.body ==
          "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"note\"}\n\n"
          "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"server-1\",\"method\":\"ask\"}\n\n"
          "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"call-1\",\"result\":{}}\n\n");
    CHECK(client.ask(post_in(session, named_call("where"))).status ==
          200);  // the connection goes on
}

TEST_CASE("a failure inside an event stream is its last event") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const Response response = client.ask(post_in(session, named_call("notes", "fail")));
    CHECK(response.status == 200);
    CHECK(response.body.find(R"("id":"call-1","error":)") != std::string::npos);
    CHECK(client.ask(post_in(session, named_call("where"))).status == 200);
}

TEST_CASE("a cancelled request ends without a response") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const Response silent = client.ask(post_in(session, named_call("silent")));
    CHECK(silent.status == 200);
    CHECK(silent.field("content-type") == "text/event-stream");
    CHECK(silent.body.empty());
    const Response begun = client.ask(post_in(session, named_call("notes", "cancelled")));
    CHECK(begun.body.find("call-1") == std::string::npos);
    CHECK(client.ask(post_in(session, named_call("where"))).status == 200);
}

TEST_CASE("failures before the first byte choose the status and keep the id") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const std::map<std::string, int> expected = {
        {"unavailable", 503}, {"session_limit", 503},   {"timed_out", 504},
        {"unreachable", 502}, {"crashed", 502},         {"closed", 502},
        {"protocol", 502},    {"internal", 500},        {"blocked", 200},
        {"too_large", 502},   {"unknown_session", 404}, {"unsupported", 200}};
    for (const auto& [code, status] : expected) {
        CAPTURE(code);
        const Response response = client.ask(post_in(session, named_call("fail", code)));
        CHECK(response.status == status);
        CHECK(response.field("content-type") == "application/json");
        CHECK(response.field("retry-after") == (status == 503 ? "1" : ""));
        CHECK(response.body.find(R"("id":"call-1","error":)") != std::string::npos);
    }
}

TEST_CASE("an exception of the core is the client's 500 and nobody else's business") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    CHECK(client.ask(post_in(session, named_call("throw"))).status == 500);
    CHECK(client.at_end());
    RawClient next = rig.connect();
    CHECK(next.ask(post_in(session, named_call("where"))).status == 200);
}

TEST_CASE("notifications and responses are accepted without a body") {
    ListenerRig rig(Json::object(), 1);
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const Response response =
        client.ask(post_in(session, R"({"jsonrpc":"2.0","method":"notifications/initialized"})"));
    CHECK(response.status == 202);
    CHECK(response.field("content-length") == "0");
    CHECK(rig.host.journal.has("notified notifications/initialized on worker 0"));
    CHECK(client.ask(post_in(session, R"({"jsonrpc":"2.0","id":"s","result":{}})")).status == 202);
}

TEST_CASE("notifications that can't be taken are refused without an id") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const Response blocked = client.ask(post_in(session, R"({"jsonrpc":"2.0","method":"refuse"})"));
    CHECK(blocked.status == 400);
    CHECK(blocked.body.starts_with(R"({"jsonrpc":"2.0","error":{"code":)"));
    CHECK(client.ask(post_in(session, R"({"jsonrpc":"2.0","method":"crash"})")).status == 502);
}

TEST_CASE("DELETE ends the session; afterwards it is unknown") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const std::string field = "Mcp-Session-Id: " + session + "\r\n";
    const Response response = client.ask(request("DELETE", field));
    CHECK(response.status == 200);
    CHECK(response.body.empty());
    CHECK(rig.host.journal.has("ended " + session));
    CHECK(client.ask(request("DELETE", field)).status == 404);
    const Response gone = client.ask(post_in(session, named_call("where")));
    CHECK(gone.status == 404);
    CHECK(gone.body.find(kEnd) != std::string::npos);
    CHECK(client.ask(request("DELETE", "")).status == 400);
}

TEST_CASE("sessions are spread over the workers, and connections follow them") {
    ListenerRig rig;
    RawClient a = rig.connect(), b = rig.connect();
    const std::string first = rig.open_session(a), second = rig.open_session(b);
    CHECK(first.substr(0, 1) != second.substr(0, 1));
    const auto where = [](RawClient& client, const std::string& session) {
        const std::string body = client.ask(post_in(session, named_call("where"))).body;
        return body.substr(body.rfind(':') + 1, 1);
    };
    for (int i = 0; i < 20; ++i) {  // each connection serves both sessions in turn
        CHECK(where(a, first) == first.substr(0, 1));
        CHECK(where(a, second) == second.substr(0, 1));
        CHECK(where(b, first) == first.substr(0, 1));
        CHECK(where(b, second) == second.substr(0, 1));
    }
}

TEST_CASE("a client that leaves during its request doesn't cancel it") {
    ListenerRig rig(Json::object(), 1);
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    {
        RawClient leaving = rig.connect();
        leaving.send(post_in(session, named_call("hold")));
        REQUIRE(rig.host.journal.wait_for("held"));
    }
    CHECK(client.ask(post_in(session, R"({"jsonrpc":"2.0","method":"release"})")).status == 202);
    CHECK((rig.host.journal.wait_for("hold answered") || rig.host.journal.has("hold discarded")));
    CHECK(client.ask(post_in(session, named_call("where"))).status == 200);
}

TEST_CASE("web pages of allowed origins may call, and are told so") {
    const Json config = {{"allowed_origins", {"https://app.example"}}};
    ListenerRig rig(config);
    RawClient client = rig.connect();
    const std::string origin = "Origin: https://app.example\r\n";
    const Response preflight =
        client.ask(request("OPTIONS", origin + "Access-Control-Request-Method: POST\r\n"));
    CHECK(preflight.status == 204);
    CHECK(preflight.field("access-control-allow-origin") == "https://app.example");
    CHECK(preflight.field("access-control-allow-methods") == "POST, GET, DELETE");
    CHECK(preflight.field("content-length").empty());
    const Response response = client.ask(post(kInitialize, origin));
    CHECK(response.status == 200);
    CHECK(response.field("access-control-allow-origin") == "https://app.example");
    CHECK(response.field("access-control-expose-headers").find("Mcp-Session-Id") == 0);
    const Response refused = client.ask(post(kInitialize, "Origin: https://other.example\r\n"));
    CHECK(refused.status == 403);
    CHECK(refused.field("access-control-allow-origin").empty());
}

TEST_CASE("answers, refusals and connections are counted") {
    ListenerRig rig(Json::object(), 1);
    {
        RawClient client = rig.connect();
        const std::string session = rig.open_session(client);
        client.ask(post_in(session, named_call("fail", "crashed")));
        client.ask(post(named_call("where")));
        CHECK(rig.host.metric("shadowcat_http_connections") == 1);
        CHECK(rig.host.metric("shadowcat_http_responses_total", "2xx") == 1);
        CHECK(rig.host.metric("shadowcat_http_responses_total", "4xx") == 1);
        CHECK(rig.host.metric("shadowcat_http_responses_total", "5xx") == 1);
        CHECK(rig.host.metric("shadowcat_http_refused_total", "session_missing") == 1);
    }
    rig.stop();
    CHECK(rig.host.metric("shadowcat_http_connections") == 0);
}
