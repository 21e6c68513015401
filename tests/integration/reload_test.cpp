// SPDX-License-Identifier: Apache-2.0
// Reloads: what changes, what doesn't notice, and what is refused as a whole.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <thread>

using namespace integration;

namespace {

std::string upstream(const std::string& name, const std::string& keys = "") {
    return "    - name: " + name + "\n      transport: stdio\n      command: [\"" + kDemoServer +
           "\"]\n" + keys;
}

std::string yaml(const std::string& upstreams, const std::string& other = "") {
    return "reverse_proxy:\n  upstreams:\n" + upstreams + other;
}

void hang_up(ReverseProxy& proxy, const std::string& outcome) {
    proxy.process().signal(SIGHUP);
    proxy.process().wait_for_log({outcome});
}

std::vector<pid_t> servers_of(ReverseProxy& proxy) {
    std::vector<pid_t> pids;
    for (const ProcessEntry& child : children_of(proxy.process().pid()))
        pids.push_back(child.pid);
    return pids;
}

std::string echo(McpClient& client) {
    return text_of(client.call_tool("echo", {{"message", "here"}}));
}

/// Calls without a pause until told to stop.
class Load {
public:
    explicit Load(const ReverseProxy& proxy)
        : thread_([this, client = proxy.client()]() mutable {
              client.initialize();
              while (!stop_) {
                  ++(echo(client) == "here" ? good : bad);
              }
          }) {}
    ~Load() { finish(); }

    void finish() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }

    std::atomic<int> good{0}, bad{0};

private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("an upstream that didn't change keeps its processes and sessions") {
    ReverseProxy proxy = ReverseProxy::with_config(yaml(upstream("a")));
    McpClient client = proxy.client();
    client.initialize();
    const auto before = servers_of(proxy);
    REQUIRE(before.size() == 1);
    proxy.rewrite(yaml(upstream("a") + upstream("b")));
    hang_up(proxy, "configuration reloaded");
    CHECK(echo(client) == "here");
    CHECK(servers_of(proxy) == before);
}

TEST_CASE("sessions of a changed upstream stay with it, new ones get the new one") {
    ReverseProxy proxy = ReverseProxy::with_config(yaml(upstream("a")));
    McpClient old_client = proxy.client();
    old_client.initialize();
    const auto before = servers_of(proxy);
    proxy.rewrite(yaml(upstream("a", "      env: { CHANGED: \"1\" }\n")));
    hang_up(proxy, "configuration reloaded");
    McpClient new_client = proxy.client();
    new_client.initialize();
    CHECK(echo(old_client) == "here");
    CHECK(echo(new_client) == "here");
    CHECK(servers_of(proxy).size() == 2);
    old_client.end();
    CHECK(eventually([&] { return !is_running(before[0]); }));
    proxy.process().wait_for_log({"retired upstream closed"});
}

TEST_CASE("a file with mistakes changes nothing, and every mistake is said") {
    ReverseProxy proxy = ReverseProxy::with_config(yaml(upstream("a")));
    McpClient client = proxy.client();
    client.initialize();
    proxy.rewrite(yaml(upstream("a", "      isolation: maybe\n"), "workers: -1\n"));
    hang_up(proxy, "configuration not reloaded");
    CHECK(proxy.process().logged({"configuration not reloaded", ":6:7", "isolation"}));
    CHECK(eventually([&] {
        return proxy.process().logged({"configuration not reloaded", ":7:1", "workers"});
    }));
    CHECK(echo(client) == "here");
}

TEST_CASE("what can't change while it runs is refused by name, with the rest of the file") {
    ReverseProxy proxy = ReverseProxy::with_config(yaml(upstream("a")));
    proxy.rewrite(yaml(upstream("b"), "workers: 9\n"));
    hang_up(proxy, "configuration not reloaded");
    CHECK(proxy.process().logged({"workers: can't change while the proxy runs"}));
    CHECK(proxy.page("/health").json().at("upstreams").contains("a"));
}

TEST_CASE("limits of sessions change in place") {
    ReverseProxy proxy = ReverseProxy::with_config(yaml(upstream("a")));
    proxy.client().initialize();
    proxy.rewrite(yaml(upstream("a"), "  session: { max_sessions: 1 }\n"));
    hang_up(proxy, "configuration reloaded");
    McpClient second = proxy.client();
    const HttpResponse refused = second.post(
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}})");
    CHECK(refused.status == 503);
}

TEST_CASE("the file is watched where that is wanted") {
    const std::string watch = "reload: { watch_file: true }\n";
    ReverseProxy proxy = ReverseProxy::with_config(yaml(upstream("a"), watch));
    proxy.rewrite(yaml(upstream("a") + upstream("b"), watch));
    proxy.process().wait_for_log({"configuration reloaded", "trigger=file"});
    CHECK(proxy.page("/health").json().at("upstreams").contains("b"));
}

TEST_CASE("a proxy that is told to end in the middle of a reload ends") {
    const std::string probed = "      health: { checker: mcp_ping, interval_secs: 1 }\n";
    const std::string stubborn = "    - name: a\n      transport: stdio\n      command: [\"" +
                                 kFakeServer + "\", \"ignore-term\"]\n" + probed;
    ReverseProxy proxy = ReverseProxy::with_config(yaml(stubborn));
    CHECK(eventually([&] { return !servers_of(proxy).empty(); }));
    proxy.rewrite(yaml(upstream("a", probed)));
    proxy.process().signal(SIGHUP);  // takes as long as that server takes to be ended
    proxy.process().signal(SIGTERM);
    CHECK(proxy.process().wait_exit() == "exit 0");
}

TEST_CASE("under load no request fails while upstreams change and go") {
    ReverseProxy proxy = ReverseProxy::with_config(yaml(upstream("a") + upstream("b")));
    Load one(proxy), two(proxy), three(proxy);
    CHECK(eventually([&] { return one.good > 20 && two.good > 20 && three.good > 20; }));
    for (int i = 0; i < 6; ++i) {
        const std::string env = "      env: { GENERATION: \"" + std::to_string(i) + "\" }\n";
        proxy.rewrite(yaml(upstream("a", env) + (i % 2 == 0 ? upstream("b") : std::string())));
        proxy.process().signal(SIGHUP);
        proxy.process().wait_for_log({"configuration reloaded", "number=" + std::to_string(i + 1)});
    }
    const int seen = one.good;
    CHECK(eventually([&] { return one.good > seen + 20; }));
    for (Load* load : {&one, &two, &three}) {
        load->finish();
        CHECK(load->bad == 0);
    }
}
