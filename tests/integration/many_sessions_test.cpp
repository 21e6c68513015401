// SPDX-License-Identifier: Apache-2.0
// Two hundred sessions with a process each, at once; afterwards nothing of them is left.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <set>

using namespace integration;

namespace {

constexpr int kSessions = 200;

std::string payload(int session, int round) {
    return "payload of session " + std::to_string(session) + ", round " + std::to_string(round) +
           " " + std::string(200, static_cast<char>('a' + session % 26));
}

/// Every request is on its way before the first answer is read.
class Crowd {
public:
    explicit Crowd(std::uint16_t port) {
        for (int i = 0; i < kSessions; ++i)
            clients_.push_back(std::make_unique<McpClient>(port));
    }

    void initialize() {
        const Json params = {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}};
        std::vector<Messages> answers;
        for (const auto& client : clients_)
            answers.push_back(client->begin("initialize", params));
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            CHECK(answers[i].response().contains("result"));
            sessions_.insert(answers[i].head().header("mcp-session-id"));
            clients_[i]->adopt(answers[i].head().header("mcp-session-id"), "2025-11-25");
        }
        for (const auto& client : clients_)
            CHECK(client->notify("notifications/initialized").status == 202);
    }

    void echo(int round) {
        std::vector<Messages> answers;
        for (int i = 0; i < kSessions; ++i) {
            answers.push_back(clients_[static_cast<std::size_t>(i)]->begin_tool(
                "echo", {{"message", payload(i, round)}}));
        }
        for (int i = 0; i < kSessions; ++i) {
            CHECK(text_of(answers[static_cast<std::size_t>(i)].response()) == payload(i, round));
        }
    }

    std::set<int> pids() {
        std::set<int> pids;
        for (const auto& client : clients_) {
            pids.insert(client->call_tool("whoami")
                            .at("result")
                            .at("structuredContent")
                            .at("pid")
                            .get<int>());
        }
        return pids;
    }

    void end() {
        for (const auto& client : clients_)
            CHECK(client->end().status == 200);
    }

    std::size_t distinct_sessions() const { return sessions_.size(); }

private:
    std::vector<std::unique_ptr<McpClient>> clients_;
    std::set<std::string> sessions_;
};

/// What the proxy has open and running; once there was a session, so that what is made once is
/// there.
class Footprint {
public:
    explicit Footprint(ReverseProxy& proxy) : pid_(proxy.process().pid()) {
        McpClient first = proxy.client();
        first.initialize();
        first.call_tool("echo", {{"message", "x"}});
        first.end();
        settle();
        before_ = open_descriptors(pid_);
    }

    /// Neither children nor zombies, nor more descriptors than before.
    void check_unchanged() {
        settle();
        CHECK(children_of(pid_).empty());
        CHECK(eventually([this] { return open_descriptors(pid_) <= before_; }));
        CHECK(open_descriptors(pid_) <= before_);
    }

private:
    void settle() {
        eventually([this] { return children_of(pid_).empty(); });
        std::size_t last = 0;
        eventually([&] {
            const std::size_t now = open_descriptors(pid_);
            return std::exchange(last, now) == now;
        });
    }

    pid_t pid_;
    std::size_t before_ = 0;
};

}  // namespace

TEST_CASE("200 sessions at once get their own answers and leave nothing behind") {
    LaunchOptions options;
    options.max_descriptors = 1024;  // what systems give by default
    ReverseProxy proxy(kDemoServer, options);
    Footprint footprint(proxy);
    {
        Crowd crowd(proxy.port());
        crowd.initialize();
        CHECK(crowd.distinct_sessions() == kSessions);
        CHECK(children_of(proxy.process().pid()).size() == kSessions);
        for (int round = 1; round <= 3; ++round)
            crowd.echo(round);
        CHECK(crowd.pids().size() == kSessions);
        crowd.end();
    }
    footprint.check_unchanged();
}

TEST_CASE("sessions whose clients vanish leave nothing behind either") {
    auto proxy = ReverseProxy::with_config(
        config_for({kDemoServer}, "", "  session: { timeout_secs: 2 }\n"));
    Footprint footprint(proxy);
    for (int i = 0; i < 20; ++i) {
        McpClient client = proxy.client();
        client.initialize();
        Messages news = client.listen();
        REQUIRE(news.head().status == 200);
        Messages call = client.begin_tool("slow", {{"steps", 10}, {"delay_ms", 20}}, "t");
        call.wait_for("notifications/progress");
    }
    footprint.check_unchanged();
}

TEST_CASE("failed starts leave nothing behind") {
    ReverseProxy proxy = ReverseProxy::with_config(
        config_for({"/bin/sh", "-c", "test -e /proc/$PPID/nothing || exit 3"},
                   "      shutdown_grace_secs: 0\n"
                   "      pool: { backoff_ms: 1, max_backoff_ms: 1 }\n"));
    const pid_t pid = proxy.process().pid();
    const auto fail = [&] {
        McpClient client = proxy.client();
        Messages answer = client.begin(
            "initialize", {{"protocolVersion", "2025-11-25"}, {"capabilities", Json::object()}});
        CHECK(answer.head().status == 502);
    };
    fail();
    CHECK(eventually([&] { return children_of(pid).empty(); }));
    const std::size_t before = open_descriptors(pid);
    for (int i = 0; i < 50; ++i)
        fail();
    CHECK(eventually([&] { return children_of(pid).empty(); }));
    CHECK(eventually([&] { return open_descriptors(pid) <= before; }));
}
