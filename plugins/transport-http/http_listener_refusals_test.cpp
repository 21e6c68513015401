// SPDX-License-Identifier: Apache-2.0
// Bad input over a real connection: status, body, and whether the connection goes on.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

constexpr std::string_view kRefusedCall = R"({"jsonrpc":"2.0","id":7,"method":"where"})";
const std::string kNoId = R"({"jsonrpc":"2.0","error":{"code":)";

std::string raw_post(std::string_view fields, std::string_view body = kRefusedCall) {
    std::string text = "POST /mcp HTTP/1.1\r\nHost: localhost\r\n";
    text.append(fields).append("Content-Length: ").append(std::to_string(body.size()));
    return text.append("\r\n\r\n").append(body);
}

/// A rig, one connection and a session on it.
class RefusalScene {
public:
    explicit RefusalScene(const Json& config = Json::object())
        : rig(config), client(rig.connect()) {
        session = rig.open_session(client);
    }

    Response ask(std::string_view text) { return client.ask(text); }

    /// The answer to a message in the session.
    Response say(std::string_view body) { return client.ask(post_in(session, body)); }

    bool goes_on() { return say(kRefusedCall).status == 200; }

    ListenerRig rig;
    RawClient client;
    std::string session;
};

}  // namespace

TEST_CASE("bodies that are no JSON are parse errors without an id") {
    RefusalScene scene;
    for (const char* body : {"{not json", "", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"\xff\"}",
                             R"({"jsonrpc":"2.0","id":7,"id":8,"method":"where"})"}) {
        CAPTURE(body);
        const Response response = scene.say(body);
        CHECK(response.status == 400);
        CHECK(response.field("content-type") == "application/json");
        CHECK(response.body.starts_with(kNoId + "-32700,"));
    }
    CHECK(scene.goes_on());
}

TEST_CASE("JSON that is no JSON-RPC message is an invalid request without an id") {
    RefusalScene scene;
    for (const char* body : {"{}", "[]", "7", R"([{"jsonrpc":"2.0","id":7,"method":"where"}])",
                             R"({"jsonrpc":"1.0","id":7,"method":"where"})",
                             R"({"jsonrpc":"2.0","id":null,"method":"where"})",
                             R"({"jsonrpc":"2.0","id":1.5,"method":"where"})"}) {
        CAPTURE(body);
        const Response response = scene.say(body);
        CHECK(response.status == 400);
        CHECK(response.body.starts_with(kNoId + "-32600,"));
    }
    CHECK(scene.goes_on());
}

TEST_CASE("max_depth bounds the nesting of a body") {
    RefusalScene scene(Json{{"max_depth", 4}});
    CHECK(scene.say(R"({"jsonrpc":"2.0","id":7,"method":"where","params":{"a":{}}})").status ==
          200);
    const Response deep =
        scene.say(R"({"jsonrpc":"2.0","id":7,"method":"where","params":{"a":{"b":{"c":{}}}}})");
    CHECK(deep.status == 400);
    CHECK(deep.body.starts_with(kNoId + "-32700,"));
}

TEST_CASE("max_body_bytes bounds a body by its announcement, unread") {
    RefusalScene scene(Json{{"max_body_bytes", 1000}});
    const Response response = scene.ask(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000000\r\n\r\n");
    CHECK(response.status == 413);
    CHECK(response.body.starts_with(kNoId + "-32600,"));
    CHECK(response.body.find("limit of 1000 bytes") != std::string::npos);
    CHECK(response.field("connection") == "close");
}

TEST_CASE("a small body over the limit is read past, and the connection goes on") {
    RefusalScene scene(Json{{"max_body_bytes", 200}});
    const Response response = scene.say(std::string(201, ' '));
    CHECK(response.status == 413);
    CHECK(scene.goes_on());
}

TEST_CASE("chunked bodies are bounded while they arrive") {
    RefusalScene scene(Json{{"max_body_bytes", 1000}});
    std::string text =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 11; ++i)
        text += "64\r\n" + std::string(100, ' ') + "\r\n";
    const Response response = scene.ask(text + "0\r\n\r\n");
    CHECK(response.status == 413);
    CHECK(response.field("connection") == "close");
    CHECK(scene.client.at_end());
}

TEST_CASE("max_header_bytes bounds the head") {
    RefusalScene scene(Json{{"max_header_bytes", 1000}});
    const Response response =
        scene.ask(post(kRefusedCall, "X: " + std::string(1000, 'x') + "\r\n"));
    CHECK(response.status == 431);
    CHECK(response.body.find("limit of 1000 bytes") != std::string::npos);
    CHECK(scene.client.at_end());
}

TEST_CASE("a head larger than a read is still read") {
    RefusalScene scene(Json{{"max_header_bytes", 100000}});
    const std::string large = "X: " + std::string(60000, 'x') + "\r\nMcp-Session-Id: ";
    CHECK(scene.ask(post(kRefusedCall, large + scene.session + "\r\n")).status == 200);
    CHECK(scene.goes_on());
}

TEST_CASE("media types") {
    RefusalScene scene;
    const std::string type = "Content-Type: application/json\r\n";
    CHECK(scene.ask(raw_post("")).status == 415);
    CHECK(scene.ask(raw_post("Content-Type: text/plain\r\n")).status == 415);
    CHECK(scene.ask(raw_post("Content-Type: application/json; charset=latin1\r\n")).status == 415);
    CHECK(scene.ask(raw_post(type + "Content-Encoding: gzip\r\n")).status == 415);
    CHECK(scene.ask(raw_post(type + "Accept: application/json\r\n")).status == 406);
    CHECK(scene.ask(raw_post(type + "Accept: text/html\r\n")).status == 406);
    const Response refused = scene.ask(raw_post(type + "Accept: text/html\r\n"));
    CHECK(refused.body.starts_with(kNoId));
    const std::string session = "Mcp-Session-Id: " + scene.session + "\r\n";
    CHECK(scene.ask(raw_post(type + session)).status == 200);
    CHECK(scene.ask(raw_post(type + session + "Accept: */*\r\n")).status == 200);
    CHECK(scene.ask(request("GET", session)).status == 406);
}

TEST_CASE("sessions that are missing, unknown or misnamed; the error has the request's id") {
    RefusalScene scene;
    const Response missing = scene.ask(post(kRefusedCall));
    CHECK(missing.status == 400);
    CHECK(missing.body.find(R"("id":7,"error":{"code":-32600)") != std::string::npos);
    CHECK(missing.body.find("Mcp-Session-Id header required") != std::string::npos);
    const Response text_id = scene.ask(post(R"({"jsonrpc":"2.0","id":"7","method":"where"})"));
    CHECK(text_id.body.find(R"("id":"7")") != std::string::npos);
    const Response unknown = scene.ask(post_in("0-999", kRefusedCall));
    CHECK(unknown.status == 404);
    CHECK(unknown.body.find(R"("id":7)") != std::string::npos);
    CHECK(scene.ask(post_in("has space", kRefusedCall)).status == 400);
    CHECK(scene.ask(post_in(std::string(257, 'x'), kRefusedCall)).status == 400);
    CHECK(scene.ask(post_in("", kRefusedCall)).status == 400);
    const std::string twice =
        "Mcp-Session-Id: " + scene.session + "\r\nMcp-Session-Id: " + scene.session + "\r\n";
    CHECK(scene.ask(post(kRefusedCall, twice)).status == 400);
    const Response nameless =
        scene.ask(post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"));
    CHECK(nameless.status == 400);
    CHECK(nameless.body.starts_with(kNoId));
    CHECK(scene.goes_on());
}

TEST_CASE("an initialize inside a session is refused") {
    RefusalScene scene;
    const Response response = scene.say(kInitialize);
    CHECK(response.status == 400);
    CHECK(response.body.find(R"("id":0,"error":{"code":-32600)") != std::string::npos);
}

TEST_CASE("protocol versions") {
    RefusalScene scene;
    const std::string session = "Mcp-Session-Id: " + scene.session + "\r\n";
    const auto version = [&](std::string_view value) {
        return post(kRefusedCall, session + "MCP-Protocol-Version: " + std::string(value) + "\r\n");
    };
    CHECK(scene.ask(version("2025-11-25")).status == 200);
    const Response unknown = scene.ask(version("1999-01-01"));
    CHECK(unknown.status == 400);
    CHECK(unknown.body.find(R"("id":7)") != std::string::npos);
    CHECK(scene.ask(version("2025-06-18\r\nMCP-Protocol-Version: 2025-06-18")).status == 400);
    CHECK(scene.ask(request("DELETE", session + "MCP-Protocol-Version: x\r\n")).status == 400);
    CHECK(scene.goes_on());
}

TEST_CASE("a full house is 503 with Retry-After") {
    RefusalScene scene;
    for (std::size_t index : {0u, 1u})
        scene.rig.host.service(index).max_sessions = 0;
    const Response response = scene.ask(post(kInitialize));
    CHECK(response.status == 503);
    CHECK(response.field("retry-after") == "1");
    CHECK(response.body.find(R"("id":0)") != std::string::npos);
    CHECK(scene.goes_on());
}

TEST_CASE("paths and methods") {
    RefusalScene scene;
    const Response lost = scene.ask(request("GET", "", "/"));
    CHECK(lost.status == 404);
    CHECK(lost.body.find("the MCP endpoint is /mcp") != std::string::npos);
    CHECK(scene.ask(request("POST", "", "/mcp/")).status == 404);
    for (const char* method : {"PUT", "PATCH", "HEAD", "OPTIONS", "BREW"}) {
        CAPTURE(method);
        scene.client.send(request(method, ""));
        const Response response =
            std::string(method) == "HEAD" ? scene.client.read_head() : scene.client.read();
        CHECK(response.status == 405);
        CHECK(response.field("allow") == "GET, POST, DELETE, OPTIONS");
    }
    CHECK(scene.goes_on());
}

TEST_CASE("another path can be the endpoint") {
    const Json config = {{"path", "/deep/er"}};
    ListenerRig rig(config);
    CHECK(rig.listener->address().ends_with("/deep/er"));
    RawClient client = rig.connect();
    CHECK(client.ask(request("DELETE", "", "/deep/er")).status == 400);
    CHECK(client.ask(request("DELETE", "", "/mcp")).status == 404);
}

TEST_CASE("Host and Origin are judged on every path and method") {
    RefusalScene scene;
    for (const char* path : {"/mcp", "/health", "/nowhere"}) {
        for (const char* method : {"GET", "POST", "DELETE", "OPTIONS", "PUT"}) {
            CAPTURE(path);
            CAPTURE(method);
            CHECK(scene.ask(request(method, "Origin: http://evil.example\r\n", path)).status ==
                  403);
            CHECK(scene
                      .ask(std::string(method) + " " + path +
                           " HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                      .status == 403);
        }
    }
    CHECK(scene.rig.host.metric("shadowcat_http_refused_total", "origin") == 15);
    CHECK(scene.rig.host.metric("shadowcat_http_refused_total", "host") == 15);
    CHECK(scene.goes_on());
}

TEST_CASE("hosts that are listed may be named") {
    const Json config = {{"allowed_hosts", {"proxy.example"}}};
    ListenerRig rig(config);
    RawClient client = rig.connect();
    CHECK(client.ask("GET /health HTTP/1.1\r\nHost: proxy.example:1\r\n\r\n").status == 200);
    CHECK(client.ask("GET /health HTTP/1.1\r\nHost: other.example\r\n\r\n").status == 403);
}

TEST_CASE("requests that others could read differently end the connection with 400") {
    ListenerRig rig;
    const std::string post = "POST /mcp HTTP/1.1\r\nHost: localhost\r\n";
    for (const std::string& text :
         {post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          post + "Host: localhost\r\n\r\n", post + "X: a\r\n folded\r\n\r\n",
          post + "X: a\rb\r\n\r\n", post + std::string("X: \0\r\n\r\n", 8),
          post + "Transfer-Encoding: gzip\r\n\r\n", std::string("GET /mcp HTTP/1.1\r\n\r\n"),
          std::string("nonsense\r\n\r\n"), std::string("\x16\x03\x01\x02")}) {
        CAPTURE(text);
        RawClient client = rig.connect();
        const Response response = client.ask(text);
        CHECK(response.status == 400);
        CHECK(response.field("connection") == "close");
        CHECK(response.body.starts_with(kNoId + "-32600,"));
        CHECK(client.at_end());
    }
}

TEST_CASE("a chunk that is none ends the connection with 400") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const Response response = client.ask(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\nnothex\r\n");
    CHECK(response.status == 400);
    CHECK(client.at_end());
    RawClient endless = rig.connect();
    endless.send(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n1;" +
        std::string(100000, 'x'));
    CHECK(endless.read().status == 400);
}
