// SPDX-License-Identifier: Apache-2.0
// Servers that start others, in their group, in a session of their own and as daemons: whatever
// ends, nothing of them stays, and nothing of the others goes.
#include "supervision.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <memory>

using namespace integration;

namespace {

constexpr std::size_t kSessions = 200;
constexpr std::size_t kFamily = 4;  // a server and the three that it starts
constexpr std::chrono::seconds kAtMost(2);

const std::string kPool = "      pool: { max_starting: 50, max_waiting: 1000 }\n";

/// A proxy and sessions whose servers have families.
class Clan {
public:
    explicit Clan(std::size_t sessions, const std::string& temper = "")
        : proxy(ReverseProxy::with_config(config_for(command(temper), kPool))) {
        std::vector<Messages> answers;
        for (std::size_t i = 0; i < sessions; ++i) {
            clients.push_back(std::make_unique<McpClient>(proxy.port()));
            answers.push_back(clients.back()->begin(
                "initialize",
                {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}}));
        }
        for (std::size_t i = 0; i < sessions; ++i) {
            REQUIRE(answers[i].response().contains("result"));
            clients[i]->adopt(answers[i].head().header("mcp-session-id"), "2025-11-25");
        }
        REQUIRE(eventually([&] { return mark.processes() == kFamily * sessions; }));
    }

    pid_t pid() { return proxy.process().pid(); }

    Mark mark;
    ReverseProxy proxy;
    std::vector<std::unique_ptr<McpClient>> clients;

private:
    std::vector<std::string> command(const std::string& temper) const {
        std::vector<std::string> words = {kFakeServer, "family", mark.text()};
        if (!temper.empty()) words.push_back(temper);
        return words;
    }
};

}  // namespace

TEST_CASE("a proxy with 200 sessions is killed: nothing that its servers started survives") {
    Clan clan(kSessions);
    clan.proxy.process().signal(SIGKILL);
    CHECK(clan.proxy.process().wait_exit() == "signal 9");
    const auto began = Clock::now();
    CHECK(clan.mark.gone(kAtMost));
    const std::chrono::duration<double, std::milli> took = Clock::now() - began;
    MESSAGE((kSessions * kFamily), " processes were gone after ", took.count(), " ms");
}

TEST_CASE("not even what ignores SIGTERM") {
    Clan clan(10, "stubborn");
    clan.proxy.process().signal(SIGKILL);
    CHECK(clan.mark.gone(kAtMost));
}

TEST_CASE("a proxy with 200 sessions is told to end: nothing survives") {
    Clan clan(kSessions);
    clan.proxy.process().signal(SIGTERM);
    CHECK(clan.proxy.process().wait_exit() == "exit 0");
    CHECK(clan.mark.gone(kAtMost));
}

TEST_CASE("sessions that end take their servers' families along, and no others") {
    Clan clan(kSessions);
    for (std::size_t i = 0; i < kSessions / 2; ++i)
        CHECK(clan.clients[i]->end().status == 200);
    const std::size_t half = kSessions / 2 * kFamily;
    CHECK(eventually([&] { return clan.mark.processes() == half; }));
    CHECK(eventually([&] { return zombies_of(clan.pid()) == 0; }));
    for (std::size_t i = kSessions / 2; i < kSessions; ++i)
        CHECK(text_of(clan.clients[i]->call_tool("fake")) == "fake");
    CHECK(clan.mark.processes() == half);
    for (std::size_t i = kSessions / 2; i < kSessions; ++i)
        CHECK(clan.clients[i]->end().status == 200);
    CHECK(clan.mark.gone());
    CHECK(eventually([&] { return children_of(clan.pid()).empty(); }));
}

TEST_CASE("a server that crashes leaves no family") {
    Clan clan(1);
    // What is in no other's group than its own is the server, or the helper with its own session.
    const auto children = children_of(clan.pid());
    const auto server = std::ranges::find_if(
        children, [](const ProcessEntry& child) { return child.pid == child.group; });
    REQUIRE(server != children.end());
    ::kill(server->pid, SIGKILL);
    CHECK(eventually([&] { return !is_running(server->pid); }));
    CHECK(clan.clients[0]->end().status / 100 <= 4);
    CHECK(clan.mark.gone());
    CHECK(eventually([&] { return children_of(clan.pid()).empty(); }));
}

TEST_CASE("children are counted by what becomes of them") {
    Clan clan(3);
    const auto shows = [&](const std::string& line) {
        return clan.proxy.page("/metrics").body.find(line) != std::string::npos;
    };
    CHECK(shows("shadowcat_children{upstream=\"primary\",state=\"running\"} 3\n"));
    CHECK(shows("shadowcat_children{upstream=\"primary\",state=\"stopping\"} 0\n"));
    CHECK(clan.clients[0]->end().status == 200);
    CHECK(eventually(
        [&] { return shows("shadowcat_children{upstream=\"primary\",state=\"running\"} 2\n"); }));
    CHECK(eventually(
        [&] { return shows("shadowcat_child_escapees_total{upstream=\"primary\"} 2\n"); }));
}

TEST_CASE("a proxy behind a proxy leaves nothing either, however the outer one ends") {
    for (const int signal : {SIGKILL, SIGTERM}) {
        const Mark mark;
        auto outer = ReverseProxy::with_config(config_for(
            {kShadowcat, "forward", "--", kFakeServer, "family", mark.text(), "stubborn"}));
        McpClient client = outer.client();
        client.initialize();
        // The inner proxy has the mark on its command line too.
        REQUIRE(eventually([&] { return mark.processes() == kFamily + 1; }));
        outer.process().signal(signal);
        outer.process().wait_exit();
        CHECK(mark.gone());
    }
}
