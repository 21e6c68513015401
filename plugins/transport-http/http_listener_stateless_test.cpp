// SPDX-License-Identifier: Apache-2.0
// The stateless era beside the session era, at one endpoint: what its clients get.
#include "testing/stateless_post.hpp"
#include "testing/tls_client.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

/// A rig of one worker and a connection.
class StatelessScene {
public:
    explicit StatelessScene(const Json& config = Json::object())
        : rig(config, 1), client(rig.connect()) {}

    Response ask(const StatelessPost& post) { return client.ask(post.text()); }
    int status(const StatelessPost& post) { return ask(post).status; }

    ListenerRig rig;
    RawClient client;
};

bool answers(const Response& response, std::string_view id) {
    return response.body.find("\"id\":" + std::string(id) + ",") != std::string::npos;
}

}  // namespace

TEST_CASE("a request needs no session and gets none") {
    StatelessScene scene;
    const Response response = scene.ask(StatelessPost("where"));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "application/json");
    CHECK(response.body == R"({"jsonrpc":"2.0","id":"call-1","result":0})");
    CHECK(response.field("mcp-session-id").empty());
    CHECK(scene.rig.host.journal.count_any("opened") == 0);
    CHECK(scene.rig.host.journal.wait_for("conversation ended"));
    CHECK(scene.status(StatelessPost("where")) == 200);  // the connection goes on
}

TEST_CASE("ids come back as they are") {
    StatelessScene scene;
    for (const char* id : {"0", "\"0\"", "12345678901234567890123", "\"\\u00e9\""}) {
        CAPTURE(id);
        CHECK(answers(scene.ask(StatelessPost("where").id(id)), id));
    }
}

TEST_CASE("session and resumption headers are ignored and never echoed") {
    StatelessScene scene;
    for (const char* session : {"0-999", "1-999", "not visible \t ascii", ""}) {
        CAPTURE(session);
        const Response response = scene.ask(StatelessPost("where")
                                                .add("Mcp-Session-Id", session)
                                                .add("Mcp-Session-Id", session)
                                                .add("Last-Event-ID", "a.1"));
        CHECK(response.status == 200);
        CHECK(response.field("mcp-session-id").empty());
    }
}

TEST_CASE("both eras in turn on one connection") {
    StatelessScene scene;
    const std::string session = scene.rig.open_session(scene.client);
    const std::string call = R"({"jsonrpc":"2.0","id":7,"method":"where"})";
    for (int i = 0; i < 3; ++i) {
        CHECK(scene.status(StatelessPost("where")) == 200);
        CHECK(scene.client.ask(post_in(session, call)).status == 200);
    }
    CHECK(scene.rig.host.journal.count_any("opened 0") == 1);
}

TEST_CASE("anything before the response makes an event stream without ids or beginning") {
    StatelessScene scene;
    const Response response = scene.ask(StatelessPost("events"));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "text/event-stream");
    CHECK(response.field("x-accel-buffering") == "no");
    CHECK(response.field("cache-control") == "no-cache");
    CHECK(response.body ==
          "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"note\"}\n\n"
          "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"call-1\",\"result\":{}}\n\n");
}

TEST_CASE("a request of the server's never reaches a stateless client") {
    StatelessScene scene;
    const Response response = scene.ask(StatelessPost("notes"));
    CHECK(response.body.find("note") != std::string::npos);
    CHECK(response.body.find("server-1") == std::string::npos);
    CHECK(answers(response, "\"call-1\""));
}

TEST_CASE("the error's code chooses the status, and its body is the server's") {
    StatelessScene scene;
    for (const auto& [code, status] : std::map<std::string, int>{{"-32601", 404},
                                                                 {"-32020", 400},
                                                                 {"-32021", 400},
                                                                 {"-32022", 400},
                                                                 {"-32602", 200},
                                                                 {"-32603", 200},
                                                                 {"-32002", 200},
                                                                 {"7", 200}}) {
        CAPTURE(code);
        const Response response = scene.ask(StatelessPost("error", code));
        CHECK(response.status == status);
        CHECK(response.field("content-type") == "application/json");
        CHECK(response.body == R"({"jsonrpc":"2.0","id":"call-1","error":{"code":)" + code +
                                   R"(,"message":"as asked","data":{"n":1}}})");
    }
}

TEST_CASE("once a stream has begun an error is its last event") {
    StatelessScene scene;
    const Response response = scene.ask(StatelessPost("note and error", "-32601"));
    CHECK(response.status == 200);
    CHECK(response.field("content-type") == "text/event-stream");
    CHECK(code_in(response.body) == -32601);
}

TEST_CASE("methods that this era doesn't have are 404 with an error of JSON-RPC") {
    StatelessScene scene;
    for (const char* method : {"ping", "logging/setLevel", "resources/subscribe", "no/such"}) {
        CAPTURE(method);
        const Response response = scene.ask(StatelessPost(method));
        CHECK(response.status == 404);
        CHECK(code_in(response.body) == -32601);
        CHECK(answers(response, "\"call-1\""));
    }
}

TEST_CASE("failures of the proxy's own are 5xx, so that no client takes us for another era") {
    StatelessScene scene;
    for (const auto& [code, status] : std::map<std::string, int>{{"unavailable", 503},
                                                                 {"timed_out", 504},
                                                                 {"unreachable", 502},
                                                                 {"crashed", 502},
                                                                 {"unknown_session", 502},
                                                                 {"internal", 500},
                                                                 {"blocked", 200}}) {
        CAPTURE(code);
        const Response response = scene.ask(StatelessPost("fail", code));
        CHECK(response.status == status);
        CHECK(response.field("retry-after") == (status == 503 ? "1" : ""));
        CHECK(answers(response, "\"call-1\""));
    }
    scene.rig.host.service(0).max_sessions = 0;
    const Response full = scene.ask(StatelessPost("where"));
    CHECK(full.status == 503);
    CHECK(answers(full, "\"call-1\""));
}

TEST_CASE("an exception of the core is a 500, and the conversation ends") {
    StatelessScene scene;
    CHECK(scene.status(StatelessPost("throw")) == 500);
    CHECK(scene.client.at_end());
    CHECK(scene.rig.host.journal.has("conversation ended"));
    RawClient next = scene.rig.connect();
    CHECK(next.ask(StatelessPost("where").text()).status == 200);
}

TEST_CASE("ids in flight are a client's own: the same one twice is two requests") {
    StatelessScene scene;
    RawClient other = scene.rig.connect();
    scene.client.send(StatelessPost("hold").text());
    other.send(StatelessPost("hold").text());
    REQUIRE(scene.rig.host.journal.wait_for("held", 2));
    scene.rig.run(0, scene.rig.host.service(0).release_all());
    for (RawClient* client : {&scene.client, &other}) {
        const Response response = client->read();
        CHECK(response.status == 200);
        CHECK(response.body == R"({"jsonrpc":"2.0","id":"call-1","result":"released"})");
    }
}

TEST_CASE("notifications get 202 and reach nobody, cancellations least of all") {
    StatelessScene scene;
    RawClient other = scene.rig.connect();
    other.send(StatelessPost("hold").text());
    REQUIRE(scene.rig.host.journal.wait_for("held"));
    const std::string cancel =
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"call-1"}})";
    const Response taken = scene.client.ask(post(cancel, "MCP-Protocol-Version: 2026-07-28\r\n"));
    CHECK(taken.status == 202);
    CHECK(taken.body.empty());
    CHECK(taken.field("mcp-session-id").empty());
    CHECK(scene.rig.host.journal.count_any("notified") == 0);
    scene.rig.run(0, scene.rig.host.service(0).release_all());
    CHECK(other.read().body.find("released") != std::string::npos);
}

TEST_CASE("GET and DELETE are not for this era") {
    StatelessScene scene;
    const std::string session = scene.rig.open_session(scene.client);
    const std::string fields =
        "MCP-Protocol-Version: 2026-07-28\r\nMcp-Session-Id: " + session + "\r\n";
    for (const char* method : {"GET", "DELETE", "PUT"}) {
        CAPTURE(method);
        for (const char* accept : {"", "Accept: text/event-stream\r\n"}) {
            const Response response = scene.client.ask(request(method, fields + accept));
            CHECK(response.status == 405);
            CHECK(response.field("allow") == "POST");
            CHECK(code_in(response.body) == -32600);
        }
    }
    CHECK_FALSE(scene.rig.host.journal.has("ended " + session));
    CHECK(scene.client.ask(request("DELETE", "")).status == 400);  // as ever
}

TEST_CASE("web pages may send the headers of this era") {
    StatelessScene scene;
    const Response preflight = scene.client.ask(
        request("OPTIONS",
                "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n"
                "Access-Control-Request-Headers: mcp-method,mcp-name,mcp-param-region,x-evil\r\n"
                "MCP-Protocol-Version: 2026-07-28\r\n"));
    CHECK(preflight.status == 204);
    const std::string allowed = preflight.field("access-control-allow-headers");
    CHECK(allowed.find("Mcp-Method, Mcp-Name") != std::string::npos);
    CHECK(allowed.find("mcp-param-region") != std::string::npos);
    CHECK(allowed.find("x-evil") == std::string::npos);
}

TEST_CASE("the principal of a client certificate is the conversation's") {
    const testing::TestCertificate server("DNS:localhost"), authority("");
    testing::CertificateWish wish;
    wish.subject = {{"O", "Example"}, {"CN", "agent"}};
    wish.issuer = &authority;
    const testing::TestCertificate identity(wish);
    StatelessScene scene(Json{{"tls",
                               {{"enabled", true},
                                {"cert_path", server.cert_path},
                                {"key_path", server.key_path},
                                {"client_ca_path", authority.cert_path},
                                {"client_auth", "required"}}}});
    testing::TlsClient tls;
    REQUIRE(tls.show(identity).connect(scene.client));
    CHECK(scene.status(StatelessPost("where")) == 200);
    CHECK(scene.rig.host.journal.has("conversation by 'CN=agent,O=Example'"));
}

TEST_CASE("where no stateless revision is served, such messages are the session era's") {
    StatelessScene scene;
    scene.rig.host.service(0).serves_stateless = false;
    const Response response = scene.ask(StatelessPost("where"));
    CHECK(response.status == 400);
    CHECK(code_in(response.body) == -32600);
    const std::string session = scene.rig.open_session(scene.client);
    const std::string fields = "Accept: text/html\r\nMCP-Protocol-Version: 2026-07-28\r\n";
    CHECK(scene.client.ask(request("GET", fields)).status == 406);
}
