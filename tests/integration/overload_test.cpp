// SPDX-License-Identifier: Apache-2.0
// Too much: bytes, sessions, memory, connections; clients that are slow or don't read. Each is
// bounded, told readably, and disturbs nobody else.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <system_error>

using namespace integration;

namespace {

const std::string kAdmin = "admin: { bind_address: \"127.0.0.1:0\" }\n";
const std::string kInitialize =
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{},"clientInfo":{"name":"t","version":"1"}}})";
const std::string kList = R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})";

/// A proxy with admin pages and these keys of `reverse_proxy`, and a session that must not notice.
class Scene {
public:
    explicit Scene(const std::string& keys, const std::vector<std::string>& command = {kDemoServer})
        : command_(command), proxy(ReverseProxy::with_config(yaml(keys))), client(proxy.client()) {
        client.initialize();
    }

    void reload(const std::string& keys) {
        proxy.rewrite(yaml(keys));
        REQUIRE(proxy.admin("/reload", "POST").status == 200);
    }

    Json stats() const { return proxy.admin("/stats").json(); }
    Json bytes() const { return stats().at("bytes_in_flight"); }

    /// The value of a line in /metrics; -1 without such a line.
    double metric(const std::string& name) const {
        const std::string text = proxy.admin("/metrics").body;
        const std::size_t at = text.find("\n" + name + " ");
        return at == std::string::npos ? -1 : std::stod(text.substr(at + 1 + name.size()));
    }

    bool is_served() { return client.post(kList).status == 200; }

    HttpResponse open_session() const {
        return HttpClient(proxy.port()).ask(mcp_post(kInitialize));
    }

private:
    std::string yaml(const std::string& keys) const {
        return config_for(command_, "", keys) + kAdmin;
    }
    std::vector<std::string> command_;

public:
    ReverseProxy proxy;
    McpClient client;
};

void check_come_again(const HttpResponse& refused) {
    CHECK(refused.status == 503);
    CHECK(std::stoi("0" + refused.header("retry-after")) >= 1);
    const Json error = refused.json().at("error");
    CHECK(error.at("code") < 0);
    CHECK_FALSE(error.at("message").get<std::string>().empty());
}

constexpr std::size_t kLarge = 500000;

/// A request for the list of tools, `kLarge` bytes of it blanks.
std::string large(const McpClient& client) {
    std::string body = kList;
    body.resize(kLarge, ' ');
    return mcp_post(body, client.headers());
}

}  // namespace

TEST_CASE("more bytes than may be in flight wait, unread, until there is room") {
    Scene scene("  limits: { max_bytes_in_flight: 1048576, body_timeout_secs: 60 }\n");
    const std::string upload = large(scene.client);
    HttpClient first(scene.proxy.port()), second(scene.proxy.port()), third(scene.proxy.port());
    for (HttpClient* slow : {&first, &second})
        slow->send(upload.substr(0, kLarge / 2));
    CHECK(eventually([&] { return scene.bytes().at("used") == 2 * kLarge; }));
    third.send(upload.substr(0, kLarge / 2));
    CHECK(eventually([&] { return scene.bytes().at("waiting") == 1; }));
    CHECK(scene.is_served());
    first.send(upload.substr(kLarge / 2));
    CHECK(first.read().status == 200);
    third.send(upload.substr(kLarge / 2));
    CHECK(third.read().status == 200);
    second.send(upload.substr(kLarge / 2));
    CHECK(second.read().status == 200);
    CHECK(eventually([&] { return scene.bytes().at("used") == 0; }));
    CHECK(scene.bytes().at("waiting") == 0);
}

TEST_CASE("what would wait too long gets 503, and afterwards all is as before") {
    Scene scene("  limits: { max_bytes_in_flight: 1048576, body_timeout_secs: 1 }\n",
                {kFakeServer, "never-answers", "tools/call"});
    HttpClient holding(scene.proxy.port()), other(scene.proxy.port());
    const Json call = {
        {"jsonrpc", "2.0"},
        {"id", 77},
        {"method", "tools/call"},
        {"params", {{"name", "x"}, {"arguments", {{"x", std::string(600000, 'x')}}}}}};
    holding.send(mcp_post(call.dump(), scene.client.headers()));
    CHECK(eventually([&] { return scene.bytes().at("used") > 600000; }));
    check_come_again(other.ask(large(scene.client)));
    CHECK(other.at_end());
    CHECK(scene.is_served());
    CHECK(scene.metric("shadowcat_http_refused_total{reason=\"memory\"}") == 1);
    scene.client.notify("notifications/cancelled", {{"requestId", 77}});
    CHECK(eventually([&] { return scene.bytes().at("used") == 0; }));
    CHECK(HttpClient(scene.proxy.port()).ask(large(scene.client)).status == 200);
    CHECK(eventually([&] { return scene.bytes().at("used") == 0; }));
}

TEST_CASE("more sessions than may be: 503 with Retry-After, and nobody loses theirs") {
    Scene scene("  session: { max_sessions: 2 }\n");
    McpClient second = scene.proxy.client();
    second.initialize();
    for (int i = 0; i < 5; ++i) {
        const HttpResponse refused = scene.open_session();
        check_come_again(refused);
        CHECK(refused.json().at("id") == 1);
        CHECK(refused.header("mcp-session-id").empty());
    }
    CHECK(scene.is_served());
    CHECK(second.post(kList).status == 200);
    second.end();
    CHECK(eventually([&] { return scene.open_session().status == 200; }));
}

TEST_CASE("short of memory: new sessions get 503, old ones go on, until there is enough") {
    Scene scene("");
    CHECK(scene.stats().at("short_of_memory") == false);
    scene.reload("  limits: { max_memory_bytes: 1048576 }\n");
    CHECK(eventually([&] { return scene.stats().at("short_of_memory") == true; }));
    check_come_again(scene.open_session());
    CHECK(scene.is_served());
    CHECK(scene.proxy.process().logged({"short of memory"}));
    scene.reload("");
    CHECK(eventually([&] { return scene.stats().at("short_of_memory") == false; }));
    CHECK(scene.open_session().status == 200);
}

TEST_CASE("more connections than may be: 503, and places are given on") {
    Scene scene("  limits: { max_connections: 3 }\n");
    HttpClient one(scene.proxy.port());
    CHECK(one.ask(mcp_post(kList, scene.client.headers())).status == 200);
    HttpClient two(scene.proxy.port());
    CHECK(two.ask(mcp_post(kList, scene.client.headers())).status == 200);
    HttpClient three(scene.proxy.port());
    const HttpResponse refused = three.read();
    CHECK(refused.status == 503);
    CHECK(refused.header("retry-after") == "1");
    CHECK(three.at_end());
    CHECK(scene.is_served());
    two.close();
    CHECK(eventually([&] {
        HttpClient next(scene.proxy.port());
        next.send(mcp_post(kList, scene.client.headers()));
        return next.read().status == 200;
    }));
}

TEST_CASE("a head that never ends gets 408, and so does a body") {
    Scene scene("  limits: { header_timeout_secs: 1, body_timeout_secs: 1 }\n");
    const std::string request = mcp_post(kList, scene.client.headers());
    HttpClient head(scene.proxy.port()), body(scene.proxy.port());
    head.send(request.substr(0, 40));
    body.send(request.substr(0, request.size() - 5));
    CHECK(scene.is_served());
    for (HttpClient* slow : {&head, &body}) {
        CHECK(slow->read().status == 408);
        CHECK(slow->at_end());
    }
    CHECK(scene.is_served());
}

TEST_CASE("a head that trickles in for ever is cut off all the same") {
    Scene scene("  limits: { header_timeout_secs: 1 }\n");
    HttpClient slow(scene.proxy.port());
    slow.send("POST /mcp HTTP/1.1\r\nX-Slow: ");
    CHECK(eventually([&] {
        try {
            slow.send("x");
        } catch (const std::system_error&) {
            return true;  // the proxy has hung up
        }
        return false;
    }));
    CHECK(scene.is_served());
}

TEST_CASE("clients that say nothing, or stop in the middle, leave nothing behind") {
    Scene scene("  limits: { header_timeout_secs: 1, body_timeout_secs: 1 }\n");
    const pid_t pid = scene.proxy.process().pid();
    REQUIRE(scene.is_served());
    const std::size_t before = open_descriptors(pid);
    const std::string request = mcp_post(kList, scene.client.headers());
    std::vector<HttpClient> silent;
    for (int i = 0; i < 30; ++i) {
        HttpClient& client = silent.emplace_back(scene.proxy.port());
        if (i % 3 == 1) client.send(request.substr(0, 40));
        if (i % 3 == 2) client.send(request.substr(0, request.size() - 5));
    }
    CHECK(scene.is_served());
    CHECK(eventually([&] { return open_descriptors(pid) <= before; }));
    CHECK(scene.is_served());
    CHECK(eventually([&] { return scene.bytes().at("used") == 0; }));
}

TEST_CASE("a client that says no more still reads its answer") {
    Scene scene("");
    HttpClient half(scene.proxy.port());
    half.send(mcp_post(kList, scene.client.headers()));
    half.finish_sending();
    CHECK(half.read().status == 200);
    CHECK(half.at_end());
}

TEST_CASE("a client that never reads what it asked for is cut off, others go on") {
    Scene scene("  limits: { write_timeout_secs: 1 }\n", {kFakeServer, "flood", "tools/call"});
    McpClient deaf = scene.proxy.client();
    deaf.initialize();
    Messages call = deaf.begin_tool("fake");
    const std::string cut = "shadowcat_http_cut_off_total{reason=\"not_reading\"}";
    CHECK(eventually([&] { return scene.is_served() && scene.metric(cut) == 1; }));
    CHECK(scene.is_served());
    call.disconnect();
}

TEST_CASE("a client that never reads its stream is cut off, others go on") {
    Scene scene("  limits: { write_timeout_secs: 1 }\n",
                {kFakeServer, "flood", "notifications/roots/list_changed"});
    McpClient deaf = scene.proxy.client();
    deaf.initialize();
    Messages stream = deaf.listen();
    deaf.notify("notifications/roots/list_changed");
    const std::string cut = "shadowcat_http_cut_off_total{reason=\"not_reading\"}";
    CHECK(eventually([&] { return scene.is_served() && scene.metric(cut) == 1; }));
    CHECK(scene.is_served());
    stream.disconnect();
}
