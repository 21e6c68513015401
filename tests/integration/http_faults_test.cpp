// SPDX-License-Identifier: Apache-2.0
// URLs behind which no good server is: what clients read, and that the next request is served.
#include "supervision.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace integration;

namespace {

const std::string kOpenssl = "/usr/bin/openssl";

std::string config_for_url(const std::string& url, const std::string& upstream_keys = "") {
    return "reverse_proxy:\n"
           "  limits: { request_timeout_secs: 1 }\n"
           "  upstreams:\n"
           "    - name: primary\n"
           "      transport: http\n"
           "      url: " +
           url + "\n" + upstream_keys;
}

/// A proxy for fake-http-server in one of its modes.
class FaultyHttp {
public:
    explicit FaultyHttp(const std::vector<std::string>& mode) : server(mode) {}

    FakeHttpServer server;
    ReverseProxy proxy = ReverseProxy::with_config(config_for_url(server.url()));
    McpClient client = proxy.client();
};

Messages begin_initialize(McpClient& client) {
    return client.begin("initialize",
                        {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}});
}

void check_http_failed(McpClient& client, Messages answer, int status,
                       const std::vector<std::string>& words) {
    const Json response = answer.response();
    CHECK(answer.head().status == status);
    CHECK(response.at("id") == client.last_id());
    const Json error = response.at("error");
    CHECK(error.at("code") == -32603);
    CHECK(error.at("data").at("gateway") == "shadowcat");
    CHECK(error.at("data").at("source") == "upstream");
    for (const std::string& word : words)
        CHECK_MESSAGE(error.at("message").get<std::string>().find(word) != std::string::npos,
                      error.at("message"), " lacks ", word);
}

/// A port of this machine that nobody listens on: it was free a moment ago.
std::uint16_t closed_port() { return FakeHttpServer({"json"}).port(); }

}  // namespace

TEST_CASE("a refused connection: 502 that names the address") {
    const std::string origin = "127.0.0.1:" + std::to_string(closed_port());
    ReverseProxy proxy("http://" + origin + "/mcp");
    McpClient client = proxy.client();
    for (int i = 0; i < 2; ++i)
        check_http_failed(client, begin_initialize(client), 502, {origin});
    CHECK(proxy.process().logged({"request failed", "upstream-1", origin}));
    CHECK(proxy.page("/health").status == 200);
}

TEST_CASE("a connection that is reset in mid-answer: 502, and the session goes on") {
    FaultyHttp faulty({"reset"});
    faulty.client.initialize();
    for (int i = 0; i < 3; ++i) {
        check_http_failed(faulty.client, faulty.client.begin_tool("fake"), 502, {"127.0.0.1"});
        CHECK(faulty.client.ask("tools/list").contains("result"));
    }
    CHECK(faulty.proxy.process().logged({"request failed", "primary", "tools/call"}));
}

TEST_CASE("a server that is overloaded: 503 with the status that it gave") {
    FaultyHttp faulty({"status", "503"});
    faulty.client.initialize();
    check_http_failed(faulty.client, faulty.client.begin_tool("fake"), 503, {"503"});
    CHECK(faulty.client.ask("tools/list").contains("result"));
}

TEST_CASE("a server that breaks or wants credentials: 502 with the status that it gave") {
    for (const char* status : {"500", "401", "302"}) {
        FaultyHttp faulty({"status", status});
        faulty.client.initialize();
        check_http_failed(faulty.client, faulty.client.begin_tool("fake"), 502, {status});
        CHECK(faulty.client.ask("tools/list").contains("result"));
    }
}

TEST_CASE("a server that is too slow: 504, and it is told that nobody waits any more") {
    FaultyHttp faulty({"slow", "60000"});
    faulty.client.initialize();
    check_http_failed(faulty.client, faulty.client.begin_tool("fake"), 504, {"tools/call", "1 s"});
    CHECK_FALSE(faulty.server.process().wait_for_log({"disconnected"}).empty());
    CHECK(faulty.client.ask("tools/list").contains("result"));
}

TEST_CASE("an answer that is no message: 502") {
    FaultyHttp faulty({"bad-json"});
    faulty.client.initialize();
    check_http_failed(faulty.client, faulty.client.begin_tool("fake"), 502, {"127.0.0.1"});
    CHECK(faulty.client.ask("tools/list").contains("result"));
}

TEST_CASE("a server that answers twice: the second answer reaches nobody") {
    FaultyHttp faulty({"dup-answer"});
    faulty.client.initialize();
    for (int i = 0; i < 3; ++i) {
        Messages call = faulty.client.begin_tool("fake");
        CHECK(text_of(call.response()) == "fake");
        CHECK_FALSE(call.next().has_value());
    }
    CHECK(faulty.client.ask("tools/list").contains("result"));
}

TEST_CASE("an answer to an id that nobody used is no answer: 502") {
    FaultyHttp faulty({"foreign-id"});
    faulty.client.initialize();
    check_http_failed(faulty.client, faulty.client.begin_tool("fake"), 502, {"127.0.0.1", "id"});
    CHECK(faulty.client.ask("tools/list").contains("result"));
}

TEST_CASE("an answer of 100 MiB: 502 that names the limit, and the proxy stays small") {
    FaultyHttp faulty({"long", "100"});
    faulty.client.initialize();
    McpClient other = faulty.proxy.client();
    other.initialize();
    Messages call = faulty.client.begin_tool("fake");
    const std::string told = call.response().at("error").at("message");
    CHECK(call.head().status == 502);
    CHECK_MESSAGE(told.find("10485760") != std::string::npos, told);
    CHECK(other.ask("tools/list").contains("result"));
    CHECK(faulty.client.ask("tools/list").contains("result"));
    CHECK(peak_kb(faulty.proxy.process().pid()) < 64 * 1024);
}

TEST_CASE("a server that is not one of MCP at all: 502 with the status that it gave") {
    FaultyHttp faulty({"status", "404", "initialize"});
    for (int i = 0; i < 2; ++i)
        check_http_failed(faulty.client, begin_initialize(faulty.client), 502, {"404"});
}

TEST_CASE("a certificate that nobody vouches for: 502 that says so") {
    if (!std::filesystem::exists(kOpenssl)) {
        MESSAGE("skipped: there is no " << kOpenssl);
        return;
    }
    const TemporaryFile key("", ".key"), certificate("", ".pem");
    const Finished made({kOpenssl, "req", "-x509", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                         "/CN=localhost", "-keyout", key.path(), "-out", certificate.path()});
    REQUIRE(made.exit == "exit 0");
    Process server({kOpenssl, "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.path(),
                    "-key", key.path(), "-www"});
    std::optional<std::string> line = server.read_line();
    while (line && !line->starts_with("ACCEPT"))
        line = server.read_line();
    REQUIRE(line.has_value());
    const std::string url = "https://" + line->substr(line->find(' ') + 1) + "/mcp";
    ReverseProxy proxy = ReverseProxy::with_config(config_for_url(url));
    McpClient client = proxy.client();
    check_http_failed(client, begin_initialize(client), 502, {"certificate"});
    CHECK(proxy.process().logged({"request failed", "primary", "certificate"}));
    CHECK(proxy.page("/health").status == 200);
}
