// SPDX-License-Identifier: Apache-2.0
// The access log: what stands in it and what never does, rotation, and disks that are full.
#include "harness/proxy_fixture.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

using namespace integration;
using shadowcat::http::testing::TestCertificate;

namespace {

constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{},"clientInfo":{"name":"t","version":"1"}}})";

std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// The whole lines of a log that somebody else is writing.
std::vector<Json> lines_of(const std::string& path) {
    std::istringstream text(content_of(path));
    std::vector<Json> lines;
    for (std::string line; std::getline(text, line) && !text.eof();)
        lines.push_back(Json::parse(line));
    return lines;
}

std::string config_with_log(const std::string& path, const std::string& sink_keys = "",
                            const std::string& other_keys = "",
                            const std::vector<std::string>& command = {kDemoServer}) {
    return config_for(command, "", other_keys) +
           "exchange_sinks:\n  - sink: access_log\n    path: " + path + "\n" + sink_keys;
}

class Logged {
public:
    explicit Logged(const std::string& other_keys = "")
        : proxy(ReverseProxy::with_config(config_with_log(file.path(), "", other_keys))) {}

    /// Everything that is ever written.
    std::vector<Json> finish() {
        proxy.process().signal(SIGTERM);
        REQUIRE(proxy.process().wait_exit() == "exit 0");
        return lines_of(file.path());
    }

    TemporaryFile file{"", ".log"};
    ReverseProxy proxy;
};

Json line_with(const std::vector<Json>& lines, const std::string& key, const Json& value) {
    const auto found = std::ranges::find_if(
        lines, [&](const Json& line) { return line.value(key, Json()) == value; });
    REQUIRE_MESSAGE(found != lines.end(), "no line with ", key, " ", value.dump());
    return *found;
}

std::size_t count_lines(const std::string& text, const std::string& words) {
    std::size_t count = 0;
    for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
        ++count;
    return count;
}

double metric(const ReverseProxy& proxy, const std::string& name) {
    const std::string text = proxy.page("/metrics").body;
    const std::size_t at = text.find("\n" + name);
    return at == std::string::npos ? -1 : std::stod(text.substr(text.find(' ', at + 1)));
}

}  // namespace

TEST_CASE("each request is one line that says who asked what, where, and how it went") {
    Logged logged;
    McpClient client = logged.proxy.client();
    client.initialize();
    client.call_tool("echo", {{"message", "here"}});
    CHECK(client.ask("no/such").contains("error"));
    const std::string session = client.session();
    const auto lines = logged.finish();
    REQUIRE(lines.size() == 3);
    for (const Json& line : lines) {
        CHECK(line.at("ts").get<std::string>().size() ==
              std::string("2026-01-31T12:00:00.007Z").size());
        CHECK(line.at("session") == "s1");
        CHECK(line.at("peer").get<std::string>().starts_with("127.0.0.1:"));
        CHECK(line.at("upstream") == "primary");
        CHECK(line.at("status") == 200);
        CHECK(line.at("bytes_in") > 0);
        CHECK(line.at("bytes_out") > 0);
        CHECK(line.at("duration_ms") >= line.at("first_reply_ms"));
    }
    CHECK(line_with(lines, "method", "initialize").at("outcome") == "result");
    const Json call = line_with(lines, "method", "tools/call");
    CHECK(call.at("tool") == "echo");
    CHECK(call.at("outcome") == "result");
    CHECK_FALSE(call.contains("error_code"));
    const Json error = line_with(lines, "method", "no/such");
    CHECK(error.at("outcome") == "error");
    CHECK(error.at("error_code") == -32601);
}

TEST_CASE("no log shows a session's id, an argument, a header or a body") {
    Logged logged;
    McpClient client = logged.proxy.client();
    client.initialize();
    CHECK(text_of(client.call_tool("echo", {{"message", "hush-argument"}})) == "hush-argument");
    Headers headers = client.headers();
    headers.emplace_back("Authorization", "Bearer hush-header");
    headers.emplace_back("X-Api-Key", "hush-header");
    HttpClient other(logged.proxy.port());
    CHECK(other.ask(mcp_post(R"({"jsonrpc":"2.0","id":9,"method":"ping"})", headers)).status ==
          200);
    CHECK(other.ask(mcp_post(R"({"hush-body)", headers)).status == 400);
    HttpClient stranger(logged.proxy.port());
    const Headers unknown = {{"Mcp-Session-Id", "hush-session"}};
    CHECK(stranger.ask(mcp_post(kInitialize, unknown)).status >= 400);
    const std::string session = client.session();
    REQUIRE(logged.finish().size() >= 4);
    for (const std::string& text : {content_of(logged.file.path()), logged.proxy.process().log()}) {
        CHECK(text.find("hush") == std::string::npos);
        CHECK(text.find(session) == std::string::npos);
    }
}

TEST_CASE("what was refused is in it: 400, 404, 503") {
    Logged logged("  session: { max_sessions: 1 }\n");
    logged.proxy.client().initialize();
    HttpClient http(logged.proxy.port());
    CHECK(http.ask(mcp_post("{")).status == 400);
    const Headers unknown = {{"Mcp-Session-Id", std::string(50, 'a')}};
    CHECK(http.ask(mcp_post(R"({"jsonrpc":"2.0","id":2,"method":"ping"})", unknown)).status == 404);
    CHECK(http.ask(mcp_post(kInitialize)).status == 503);
    const auto lines = logged.finish();
    CHECK(lines.size() == 4);
    CHECK(line_with(lines, "status", 400).at("error_code") == -32700);
    for (const int status : {400, 404, 503}) {
        const Json line = line_with(lines, "status", status);
        CHECK(line.at("outcome") == "refused");
        CHECK_FALSE(line.at("reason").get<std::string>().empty());
        CHECK(line.at("error_code") < 0);
        CHECK(line.at("peer").get<std::string>().starts_with("127.0.0.1:"));
    }
}

TEST_CASE("what failed or was cancelled is in it, and why") {
    const TemporaryFile file("", ".log");
    ReverseProxy proxy = ReverseProxy::with_config(
        config_with_log(file.path(), "", "", {kFakeServer, "die-mid-call"}));
    McpClient client = proxy.client();
    client.initialize();
    CHECK(client.call_tool("fake").contains("error"));
    proxy.process().signal(SIGTERM);
    REQUIRE(proxy.process().wait_exit() == "exit 0");
    const Json failed = line_with(lines_of(file.path()), "method", "tools/call");
    CHECK(failed.at("outcome") == "failed");
    CHECK(failed.at("status") == 502);
    CHECK(failed.at("error_code") == -32603);
    CHECK(failed.at("upstream") == "primary");
    CHECK(failed.at("reason") == "crashed");
}

TEST_CASE("what a client cancels is in it") {
    Logged logged;
    McpClient client = logged.proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 20}}, "t");
    call.wait_for("notifications/progress");
    client.notify("notifications/cancelled", {{"requestId", client.last_id()}});
    while (call.next()) {
    }
    CHECK(line_with(logged.finish(), "tool", "slow").at("outcome") == "cancelled");
}

TEST_CASE("the subject of a client's certificate stands in it") {
    const TestCertificate server("DNS:localhost"), authority("");
    shadowcat::http::testing::CertificateWish wish;
    wish.subject = {{"O", "Example"}, {"CN", "agent 7"}};
    wish.issuer = &authority;
    const TestCertificate agent(wish);
    Logged logged("  tls:\n    enabled: true\n    cert_path: " + server.cert_path +
                  "\n    key_path: " + server.key_path +
                  "\n    client_auth: required\n    client_ca_path: " + authority.cert_path + "\n");
    TlsWish shown;
    shown.cert_path = agent.cert_path;
    shown.key_path = agent.key_path;
    CHECK(HttpClient(logged.proxy.port(), shown).ask(mcp_post(kInitialize)).status == 200);
    CHECK(line_with(logged.finish(), "method", "initialize").at("principal") ==
          "CN=agent 7,O=Example");
}

TEST_CASE("logrotate under load: a new file after SIGHUP, and no line is lost") {
    Logged logged;
    McpClient client = logged.proxy.client();
    client.initialize();
    std::atomic<int> calls{0};
    std::atomic<bool> stop{false};
    std::thread load([&] {
        for (; !stop; ++calls)
            client.call_tool("echo", {{"message", "x"}});
    });
    CHECK(eventually([&] { return calls > 20 && !lines_of(logged.file.path()).empty(); }));
    const TemporaryFile rotated("", ".log.1");
    std::filesystem::rename(logged.file.path(), rotated.path());
    logged.proxy.process().signal(SIGHUP);
    CHECK(eventually([&] { return !lines_of(logged.file.path()).empty(); }));
    const int seen = calls;
    CHECK(eventually([&] { return calls > seen + 20; }));
    stop = true;
    load.join();
    const auto after = logged.finish();
    const auto before = lines_of(rotated.path());
    CHECK_FALSE(before.empty());
    CHECK_FALSE(after.empty());
    CHECK(before.size() + after.size() == static_cast<std::size_t>(calls) + 1);
}

TEST_CASE("a log that can't be opened anew goes on in the old file") {
    Logged logged;
    McpClient client = logged.proxy.client();
    client.initialize();
    CHECK(eventually([&] { return lines_of(logged.file.path()).size() == 1; }));
    const TemporaryFile rotated("", ".log.1");
    std::filesystem::rename(logged.file.path(), rotated.path());
    std::filesystem::create_directory(logged.file.path());
    logged.proxy.process().signal(SIGHUP);
    logged.proxy.process().wait_for_log({"access log can't be opened anew", logged.file.path()});
    client.ask("tools/list");
    CHECK(eventually([&] { return lines_of(rotated.path()).size() == 2; }));
    logged.proxy.process().signal(SIGTERM);
    CHECK(logged.proxy.process().wait_exit() == "exit 0");
}

TEST_CASE("a full disk: requests go on, one warning, and what is dropped is counted") {
    ReverseProxy proxy =
        ReverseProxy::with_config(config_with_log("/dev/full", "    queue_bytes: 65536\n"));
    McpClient client = proxy.client();
    client.initialize();
    const std::string dropped = "shadowcat_access_log_dropped_total";
    int good = 0, asked = 0;
    CHECK(eventually([&] {
        for (int i = 0; i < 100; ++i, ++asked)
            good += client.ask("tools/list").contains("result") ? 1 : 0;
        return metric(proxy, dropped) > 0;
    }));
    CHECK(good == asked);
    const double before = metric(proxy, dropped);
    client.ask("tools/list");
    CHECK(eventually([&] { return metric(proxy, dropped) > before; }));
    const std::string log = proxy.process().log();
    CHECK(count_lines(log, "access log can't be written") == 1);
    CHECK(proxy.process().logged({"access log can't be written", "/dev/full", "No space left"}));
    proxy.process().signal(SIGTERM);
    CHECK(proxy.process().wait_exit() == "exit 0");
    CHECK(proxy.process().logged({"access log ends without its last lines"}));
}

TEST_CASE("a path that can't be written: no start, an error that names it") {
    for (const char* path : {"/no/such/folder/access.log", "/"}) {
        const TemporaryFile config(config_with_log(path));
        const Finished run({kShadowcat, "reverse", "--config", config.path()});
        CHECK(run.exit == "exit 1");
        CHECK(run.output.empty());
        CHECK(run.errors.find("can't write to") != std::string::npos);
        CHECK(run.errors.find(path + std::string("\\\"")) != std::string::npos);
    }
}
