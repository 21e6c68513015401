// SPDX-License-Identifier: Apache-2.0
// Requests that are not for this endpoint, this session or this proxy: status, headers and body.
#include "harness/proxy_fixture.hpp"
#include "harness/refusals.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

const std::string kPing = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
const std::string kUnknown = "0123456789abcdef0123456789abcdef0123456789abcdef01";

/// A proxy with a session, and requests that vary one thing.
class RequestTarget {
public:
    RequestTarget() { client.initialize(); }
    ~RequestTarget() { CHECK(text_of(client.call_tool("echo", {{"message", "fine"}})) == "fine"); }
    RequestTarget(const RequestTarget&) = delete;
    RequestTarget& operator=(const RequestTarget&) = delete;

    ReverseProxy proxy = ReverseProxy::with_config(config_for({kDemoServer}));
    McpClient client = proxy.client();

    HttpResponse ask(const std::string& request) const {
        return HttpClient(proxy.port()).ask(request);
    }

    /// A ping of the session with these two headers.
    HttpResponse ping(const std::string& content_type, const std::string& accept) const {
        Headers headers = client.headers();
        if (!content_type.empty()) headers.emplace_back("Content-Type", content_type);
        if (!accept.empty()) headers.emplace_back("Accept", accept);
        return ask(http_request("POST", "/mcp", headers, kPing));
    }

    HttpResponse ping_with(const std::string& name, const std::string& value) const {
        Headers headers = client.headers();
        headers.emplace_back(name, value);
        return ask(mcp_post(kPing, headers));
    }
};

}  // namespace

TEST_CASE("a Content-Type other than JSON gets 415") {
    const RequestTarget target;
    const std::string both = "application/json, text/event-stream";
    for (const char* type : {"text/plain", "application/xml", "application/jsonp", "json",
                             "application/json; charset=utf-16", ""}) {
        CAPTURE(type);
        const HttpResponse answer = target.ping(type, both);
        CHECK(answer.status == 415);
        CHECK(answer.json() ==
              invalid_request("Content-Type must be application/json, in UTF-8 and not encoded"));
    }
    CHECK(target.ping("Application/JSON; charset=\"UTF-8\"", both).status == 200);
    Headers gzip = target.client.headers();
    gzip.emplace_back("Content-Encoding", "gzip");
    CHECK(target.ask(mcp_post(kPing, gzip)).status == 415);
}

TEST_CASE("an Accept that leaves one form out gets 406") {
    const RequestTarget target;
    for (const char* accept : {"application/json", "text/event-stream", "text/html",
                               "application/json, text/event-stream;q=0"}) {
        CAPTURE(accept);
        const HttpResponse answer = target.ping("application/json", accept);
        CHECK(answer.status == 406);
        CHECK(answer.json() ==
              invalid_request("Accept must list application/json and text/event-stream"));
    }
    CHECK(target.ping("application/json", "*/*").status == 200);
    CHECK(target.ping("application/json", "").status == 200);
    Headers get = target.client.headers();
    get.emplace_back("Accept", "application/json");
    const HttpResponse stream = target.ask(http_request("GET", "/mcp", get));
    CHECK(stream.status == 406);
    CHECK(stream.json() == invalid_request("Accept must list text/event-stream"));
}

TEST_CASE("an unknown session gets 404, for every method") {
    const RequestTarget target;
    const Json body = refusal(-32600, "unknown or ended session", "unknown_session", "downstream");
    Headers headers = {{"Mcp-Session-Id", kUnknown}};
    const HttpResponse posted = target.ask(mcp_post(kPing, headers));
    CHECK(posted.status == 404);
    Json with_id = body;
    with_id["id"] = 1;
    CHECK(posted.json() == with_id);
    const HttpResponse removed = target.ask(http_request("DELETE", "/mcp", headers));
    CHECK(removed.status == 404);
    CHECK(removed.json() == body);
    headers.emplace_back("Accept", "text/event-stream");
    const HttpResponse streamed = target.ask(http_request("GET", "/mcp", headers));
    CHECK(streamed.status == 404);
    CHECK(streamed.json() == body);
    const HttpResponse notified =
        target.ask(mcp_post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", headers));
    CHECK(notified.status == 404);
    CHECK(notified.json() == body);
}

TEST_CASE("a missing session id gets 400, for every method") {
    const RequestTarget target;
    const HttpResponse posted = target.ask(mcp_post(kPing));
    CHECK(posted.status == 400);
    CHECK(posted.json() == invalid_request("Mcp-Session-Id header required", 1));
    const HttpResponse removed = target.ask(http_request("DELETE", "/mcp", {}));
    CHECK(removed.status == 400);
    CHECK(removed.json() == invalid_request("Mcp-Session-Id header required"));
    const HttpResponse streamed =
        target.ask(http_request("GET", "/mcp", {{"Accept", "text/event-stream"}}));
    CHECK(streamed.status == 400);
    CHECK(streamed.json() == invalid_request("Mcp-Session-Id header required"));
}

TEST_CASE("a session id that none could be gets 400") {
    const RequestTarget target;
    for (const std::string& id : {std::string("two words"), std::string(300, 'a')}) {
        const HttpResponse answer = target.ask(mcp_post(kPing, {{"Mcp-Session-Id", id}}));
        CHECK(answer.status == 400);
        CHECK(answer.json() == invalid_request("Mcp-Session-Id is malformed", 1));
    }
    const HttpResponse twice = target.ping_with("Mcp-Session-Id", kUnknown);
    CHECK(twice.status == 400);
    CHECK(twice.json() ==
          invalid_request("Mcp-Session-Id and MCP-Protocol-Version may each stand only once", 1));
}

TEST_CASE("an unknown path gets 404") {
    const RequestTarget target;
    const Json body = invalid_request("nothing is here; the MCP endpoint is /mcp");
    for (const char* path : {"/", "/MCP", "/mcp/", "/mcpx", "/mcp/../etc/passwd", "/%6dcp"}) {
        CAPTURE(path);
        const HttpResponse answer = target.ask(mcp_post(kPing, target.client.headers(), path));
        CHECK(answer.status == 404);
        CHECK(answer.json() == body);
    }
}

TEST_CASE("a method that is none of POST, GET and DELETE gets 405 with Allow") {
    const RequestTarget target;
    for (const char* method : {"PUT", "PATCH", "HEAD", "OPTIONS", "BREW"}) {
        CAPTURE(method);
        HttpClient client(target.proxy.port());
        client.send(http_request(method, "/mcp", target.client.headers()));
        const HttpResponse answer = client.read_head();
        CHECK(answer.status == 405);
        const std::string allow = answer.header("allow");
        for (const char* allowed : {"POST", "GET", "DELETE"})
            CHECK(allow.find(allowed) != std::string::npos);
    }
    const HttpResponse body = target.ask(http_request("PUT", "/mcp", {}));
    CHECK(body.json() == invalid_request("the MCP endpoint takes POST, GET and DELETE"));
    const HttpResponse page = target.ask(http_request("POST", "/health", {}));
    CHECK(page.status == 405);
    CHECK(page.header("allow").find("GET") != std::string::npos);
}

TEST_CASE("a web page of another origin gets 403") {
    const RequestTarget target;
    for (const char* origin : {"https://evil.example", "null", "http://localhost.evil.example",
                               "http://127.0.0.1.evil.example", "file://"}) {
        CAPTURE(origin);
        const HttpResponse answer = target.ping_with("Origin", origin);
        CHECK(answer.status == 403);
        CHECK(answer.json() == invalid_request("this Origin may not call; see allowed_origins"));
        CHECK(answer.header("access-control-allow-origin").empty());
    }
    CHECK(target.ping_with("Origin", "http://localhost:5173").status == 200);
}

TEST_CASE("a Host that a rebound name would send gets 403") {
    const RequestTarget target;
    for (const char* host : {"evil.example", "evil.example:8080", "127.0.0.1.evil.example",
                             "localhost.evil.example"}) {
        CAPTURE(host);
        const HttpResponse answer = target.ping_with("Host", host);
        CHECK(answer.status == 403);
        CHECK(answer.json() == invalid_request("this Host is not served here; see allowed_hosts"));
    }
    CHECK(target.ping_with("Host", "localhost:1").status == 200);
}

TEST_CASE("a head beyond the limit gets 431") {
    const RequestTarget target;
    const HttpResponse answer = target.ping_with("X-Large", std::string(20'000, 'x'));
    CHECK(answer.status == 431);
    CHECK(answer.json() == refusal(-32600, "the request head exceeds the limit of 16384 bytes",
                                   "too_large", "downstream"));
    CHECK(target.ask(http_request("GET", "/" + std::string(20'000, 'x'), {})).status == 431);
}

TEST_CASE("an unsupported MCP-Protocol-Version gets 400") {
    const RequestTarget target;
    for (const char* version : {"1999-01-01", "2025-11-05", "latest", "2025-11-25,2025-06-18"}) {
        CAPTURE(version);
        const HttpResponse answer =
            target.ask(mcp_post(kPing, {{"Mcp-Session-Id", target.client.session()},
                                        {"MCP-Protocol-Version", version}}));
        CHECK(answer.status == 400);
        CHECK(answer.json() == invalid_request("unsupported MCP-Protocol-Version", 1));
    }
    for (const char* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
        CHECK(target
                  .ask(mcp_post(kPing, {{"Mcp-Session-Id", target.client.session()},
                                        {"MCP-Protocol-Version", version}}))
                  .status == 200);
    }
}

TEST_CASE("a second initialize in a session gets 400") {
    RequestTarget target;
    const HttpResponse answer = target.client.post(
        R"({"jsonrpc":"2.0","id":"again","method":"initialize","params":)"
        R"({"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}})");
    CHECK(answer.status == 400);
    CHECK(answer.json() ==
          invalid_request("initialize opens a session, so it can't name one", "again"));
}

TEST_CASE("a second GET stream in a session gets 409, and the first goes on") {
    RequestTarget target;
    Messages first = target.client.listen();
    REQUIRE(first.head().status == 200);
    Messages second = target.client.listen();
    CHECK(second.head().status == 409);
    CHECK(second.head().json() == invalid_request("this session has an open stream already"));
    target.client.call_tool("touch_tools");
    CHECK(first.wait_for("notifications/tools/list_changed").contains("jsonrpc"));
}

TEST_CASE("what is not HTTP gets 400 and the end of the connection") {
    const RequestTarget target;
    for (const char* bytes :
         {"hello\r\n\r\n", "POST /mcp\r\n\r\n", "GET /mcp HTTP/2.0\r\nHost: localhost\r\n\r\n",
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
          "Transfer-Encoding: chunked\r\n\r\n",
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "POST /mcp HTTP/1.1\r\nHost : localhost\r\n\r\n",
          "POST /mcp HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n"}) {
        CAPTURE(bytes);
        HttpClient client(target.proxy.port());
        client.send(bytes);
        const HttpResponse answer = client.read();
        CHECK(answer.status == 400);
        CHECK(answer.json() == invalid_request("not a valid HTTP/1.1 request"));
        CHECK(client.at_end());
    }
}

TEST_CASE("a client that leaves in mid-request harms nobody") {
    const RequestTarget target;
    const std::string whole = mcp_post(kPing, target.client.headers());
    for (std::size_t sent : {std::size_t{1}, whole.size() / 2, whole.size() - 1, whole.size()}) {
        HttpClient client(target.proxy.port());
        client.send(whole.substr(0, sent));
        client.close();
    }
}
