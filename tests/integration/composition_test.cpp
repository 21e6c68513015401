// SPDX-License-Identifier: Apache-2.0
// What the configuration puts together: several upstreams, capacity, health, interceptors,
// overrides.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace integration;

namespace {

std::string upstream(const std::string& name, const std::vector<std::string>& command,
                     const std::string& keys = "") {
    return "    - name: " + name +
           "\n      transport: stdio\n      command: " + Json(command).dump() + "\n" + keys;
}

std::string two_upstreams(const std::string& keys) {
    return "reverse_proxy:\n  upstreams:\n" + upstream("demo", {kDemoServer}, keys) +
           upstream("fake", {kFakeServer, "plain"}, keys);
}

/// The name of the server that a new session gets.
std::string server_of(McpClient& client) { return client.initialize().at("serverInfo").at("name"); }

HttpResponse refused_initialize(const ReverseProxy& proxy) {
    McpClient client(proxy.port());
    return client
        .begin("initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}})
        .head();
}

bool has(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("upstreams take turns, and a session stays with its own") {
    auto proxy = ReverseProxy::with_config(
        two_upstreams("      pool: { strategy: round_robin }\n") + "workers: 1\n");
    std::map<std::string, int> sessions;
    for (int i = 0; i < 6; ++i) {
        McpClient client = proxy.client();
        const std::string name = server_of(client);
        ++sessions[name];
        for (int call = 0; call < 3; ++call) {
            const std::string text = text_of(client.call_tool("echo", {{"message", "demo"}}));
            CHECK(text == (name == "fake-server" ? "fake" : "demo"));
        }
    }
    CHECK(sessions["shadowcat-demo-server"] == 3);
    CHECK(sessions["fake-server"] == 3);
}

TEST_CASE("the least busy upstream gets the next session") {
    auto proxy = ReverseProxy::with_config(two_upstreams("      pool: { strategy: least_busy }\n"));
    McpClient first = proxy.client(), second = proxy.client();
    CHECK(server_of(first) != server_of(second));
}

TEST_CASE("--upstream may be given more than once") {
    Process process({kShadowcat, "reverse", "--upstream", kDemoServer, "--upstream",
                     kFakeServer + " plain", "--bind", "127.0.0.1:0", "--workers", "1"});
    const std::uint16_t port = listening_port(process);
    McpClient first(port), second(port);
    CHECK(server_of(first) != server_of(second));
}

TEST_CASE("an upstream that is full: 503, until a session ends") {
    auto proxy = ReverseProxy::with_config(config_for({kDemoServer}, "      pool: { max: 1 }\n"));
    McpClient client = proxy.client();
    client.initialize();
    const HttpResponse refused = refused_initialize(proxy);
    CHECK(refused.status == 503);
    CHECK(refused.json().at("id") == 1);
    CHECK(refused.json().at("error").at("data").at("reason") == "unavailable");
    CHECK(has(refused.body, "primary"));
    CHECK(client.end().status == 200);
    CHECK(eventually([&] { return refused_initialize(proxy).status == 200; }));
}

TEST_CASE("an upstream that fails its health checks is passed by") {
    const std::string health =
        "      health: { checker: mcp_ping, interval_secs: 1, timeout_secs: 1, "
        "unhealthy_after: 1 }\n";
    auto proxy = ReverseProxy::with_config("reverse_proxy:\n  upstreams:\n" +
                                           upstream("demo", {kDemoServer}, health) +
                                           upstream("broken", {"/no/such/server"}, health));
    proxy.process().wait_for_log({"upstream unhealthy", "broken"});
    const HttpResponse page = proxy.page("/health");
    CHECK(page.status == 200);
    CHECK(page.json().at("upstreams") == Json({{"demo", "healthy"}, {"broken", "unhealthy"}}));
    for (int i = 0; i < 6; ++i) {
        McpClient client = proxy.client();
        CHECK(server_of(client) == "shadowcat-demo-server");
    }
}

TEST_CASE("no healthy upstream: 503 to clients and to whoever asks for /health") {
    auto proxy = ReverseProxy::with_config(
        config_for({"/no/such/server"},
                   "      health: { checker: mcp_ping, interval_secs: 1, unhealthy_after: 1 }\n"));
    proxy.process().wait_for_log({"upstream unhealthy", "primary"});
    const HttpResponse page = proxy.page("/health");
    CHECK(page.status == 503);
    CHECK(page.json().at("status") == "unavailable");
    const HttpResponse refused = refused_initialize(proxy);
    CHECK(refused.status == 503);
    CHECK(has(refused.body, "primary is unhealthy"));
}

TEST_CASE("an interceptor sees the messages of both directions, without their content") {
    auto proxy = ReverseProxy::with_config(config_for({kDemoServer}) +
                                           "interceptors: [ { type: message_log } ]\n");
    McpClient client = proxy.client();
    client.initialize({{"sampling", Json::object()}});
    Messages call = client.begin_tool("sample", {{"prompt", "a private prompt"}});
    client.respond(call.wait_for("sampling/createMessage").at("id"),
                   {{"text", "a private answer"}});
    call.response();
    const Process& process = proxy.process();
    CHECK(process.logged({"direction=client_to_server", "method=tools/call", "name=sample"}));
    CHECK(process.logged({"direction=server_to_client", "method=sampling/createMessage"}));
    CHECK(process.logged({"direction=client_to_server", "kind=result"}));
    CHECK(process.logged({"direction=server_to_client", "kind=result"}));
    CHECK_FALSE(has(process.log(), "private"));
}

TEST_CASE("no log level shows a session's id or a header of the client") {
    auto proxy = ReverseProxy::with_config(config_for({kDemoServer}) +
                                           "interceptors: [ { type: message_log } ]\n"
                                           "logging: { level: trace }\n");
    McpClient client = proxy.client();
    client.initialize();
    Headers headers = client.headers();
    headers.emplace_back("Authorization", "Bearer of-a-client");
    CHECK(HttpClient(proxy.port())
              .ask(mcp_post(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", headers))
              .status == 200);
    client.end();
    client.begin("tools/list").head();
    const std::string log = proxy.process().log();
    CHECK(has(log, "method=tools/list"));
    CHECK_FALSE(has(log, client.session()));
    CHECK_FALSE(has(log, "of-a-client"));
}

TEST_CASE("the log can be JSON, a line an event") {
    auto proxy =
        ReverseProxy::with_config(config_for({"/no/such/server"}) + "logging: { format: json }\n");
    CHECK(refused_initialize(proxy).status == 502);
    CHECK(proxy.process().logged({"\"event\":\"request failed\"", "}"}));  // waits for the line
    std::string log = proxy.process().log();
    std::size_t failures = 0;
    for (std::size_t end = log.find('\n'); end != std::string::npos; end = log.find('\n')) {
        const Json line = Json::parse(log.substr(0, end));
        CHECK(line.contains("level"));
        failures += line.at("event") == "request failed" && line.at("upstream") == "primary";
        log.erase(0, end + 1);
    }
    CHECK(failures == 1);
}

TEST_CASE("the environment overrides the file, and the command line both") {
    LaunchOptions options;
    options.environment = {{"SHADOWCAT_REVERSE_PROXY__PATH", "/from-the-environment"},
                           {"SHADOWCAT_REVERSE_PROXY__BIND_ADDRESS", "127.0.0.1:1"}};
    auto proxy = ReverseProxy::with_config(
        config_for({kDemoServer}, "", "  path: /from-the-file\n"), options);
    McpClient client(proxy.port(), "/from-the-environment");
    client.initialize();
    CHECK(HttpClient(proxy.port()).ask(mcp_post("{}", {}, "/from-the-file")).status == 404);
}

TEST_CASE("the seed's configuration runs as it is written there") {
    LaunchOptions options;
    options.environment = {{"SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__COMMAND__0", kDemoServer}};
    auto proxy = ReverseProxy::with_config(R"(
reverse_proxy:
  bind_address: "127.0.0.1:8080"
  upstreams:
    - name: "primary"
      transport: "stdio"
      command: ["mcp-server", "--help"]
    - name: "secondary"
      transport: "http"
      url: "https://mcp.example.com"
  session:
    timeout_secs: 300
    max_sessions: 1000
  tls:
    enabled: false
    cert_path: "/path/to/cert.pem"
    key_path: "/path/to/key.pem"
)",
                                           options);
    CHECK(proxy.page("/health").json().at("upstreams") ==
          Json({{"primary", "healthy"}, {"secondary", "healthy"}}));
}
