// SPDX-License-Identifier: Apache-2.0
// Processes that cling to life: nothing survives its session, or a proxy that was killed.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

using namespace integration;

namespace {

/// The number behind `name=` in the proxy's log, where the fake server's stderr ends up.
pid_t pid_in_log(const Process& proxy, const std::string& name) {
    const std::string line = proxy.wait_for_log({" " + name + "="});
    // The log's own fields may hold a pid too; the server's line ends with the one that counts.
    return std::stoi(line.substr(line.rfind(name + "=") + name.size() + 1));
}

bool all_gone(const std::vector<pid_t>& pids) {
    return eventually([&] { return std::ranges::none_of(pids, is_running); });
}

std::vector<pid_t> children_pids(ReverseProxy& proxy) {
    std::vector<pid_t> pids;
    for (const ProcessEntry& child : children_of(proxy.process().pid()))
        pids.push_back(child.pid);
    return pids;
}

std::string config_for_mode(const std::string& mode) {
    return config_for({kFakeServer, mode}, "      shutdown_grace_secs: 0\n");
}

}  // namespace

TEST_CASE("a proxy that is killed leaves none of its children") {
    ReverseProxy proxy(kDemoServer);
    std::vector<McpClient> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(proxy.client());
        clients.back().initialize();
    }
    const std::vector<pid_t> children = children_pids(proxy);
    CHECK(children.size() == 5);
    proxy.process().signal(SIGKILL);
    CHECK(proxy.process().wait_exit() == "signal 9");
    CHECK(all_gone(children));
}

TEST_CASE("a proxy that is killed leaves no server that ignores everything") {
    auto proxy = ReverseProxy::with_config(config_for_mode("ignore-term"));
    McpClient client = proxy.client();
    client.initialize();
    const std::vector<pid_t> children = children_pids(proxy);
    REQUIRE(children.size() == 1);
    proxy.process().signal(SIGKILL);
    CHECK(all_gone(children));
}

TEST_CASE("a proxy that is killed leaves no grandchild") {
    auto proxy = ReverseProxy::with_config(config_for_mode("grandchild"));
    McpClient client = proxy.client();
    client.initialize();
    const pid_t grandchild = pid_in_log(proxy.process(), "grandchild");
    std::vector<pid_t> family = children_pids(proxy);
    family.push_back(grandchild);
    CHECK(std::ranges::all_of(family, is_running));
    proxy.process().signal(SIGKILL);
    CHECK(all_gone(family));
}

TEST_CASE("the end of a session ends servers that ignore everything, and their children") {
    for (const char* mode : {"ignore-term", "grandchild"}) {
        auto proxy = ReverseProxy::with_config(config_for_mode(mode));
        McpClient client = proxy.client();
        client.initialize();
        std::vector<pid_t> family = children_pids(proxy);
        if (std::string(mode) == "grandchild") {
            family.push_back(pid_in_log(proxy.process(), "grandchild"));
        }
        CHECK(std::ranges::all_of(family, is_running));
        CHECK(client.end().status == 200);
        CHECK(all_gone(family));
        CHECK(eventually([&] { return children_of(proxy.process().pid()).empty(); }));
    }
}

TEST_CASE("the end of the proxy ends servers that ignore everything, and their children") {
    for (const char* mode : {"ignore-term", "grandchild"}) {
        auto proxy = ReverseProxy::with_config(config_for_mode(mode));
        McpClient client = proxy.client();
        client.initialize();
        std::vector<pid_t> family = children_pids(proxy);
        if (std::string(mode) == "grandchild") {
            family.push_back(pid_in_log(proxy.process(), "grandchild"));
        }
        CHECK(std::ranges::all_of(family, is_running));
        proxy.process().signal(SIGTERM);
        CHECK(proxy.process().wait_exit() == "exit 0");
        CHECK(all_gone(family));
    }
}
