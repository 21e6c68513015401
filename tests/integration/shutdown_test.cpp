// SPDX-License-Identifier: Apache-2.0
// Ends in good order: signals, drains, and clients that leave.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <sstream>

using namespace integration;

namespace {

/// The demo server behind `tee`: the file tells what it was sent.
class TappedProxy {
public:
    TappedProxy()
        : proxy(ReverseProxy::with_config(
              config_for({"/bin/sh", "-c", "tee \"$0\" | \"$1\"", tap.path(), kDemoServer}))) {}

    TemporaryFile tap{"", ".tap"};
    ReverseProxy proxy;

    std::string seen_by_server() const {
        std::ostringstream text;
        text << std::ifstream(tap.path()).rdbuf();
        return text.str();
    }
};

bool is_idle(const ReverseProxy& proxy) {
    return proxy.page("/metrics").body.find("\nshadowcat_requests_in_flight 0\n") !=
           std::string::npos;
}

void check_drains(int signal) {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client(), idle = proxy.client();
    client.initialize();
    idle.initialize();
    const auto children = children_of(proxy.process().pid());
    CHECK(children.size() == 2);
    Messages call = client.begin_tool("slow", {{"steps", 10}, {"delay_ms", 50}}, "t");
    call.wait_for("notifications/progress");
    proxy.process().signal(signal);
    proxy.process().wait_for_log({"draining"});
    CHECK(text_of(call.response()) == "done after 10 steps");
    CHECK(proxy.process().wait_exit() == "exit 0");
    for (const ProcessEntry& child : children)
        CHECK_FALSE(is_running(child.pid));
}

}  // namespace

TEST_CASE("SIGTERM lets what is in flight finish, and leaves no child") { check_drains(SIGTERM); }

TEST_CASE("SIGINT does the same") { check_drains(SIGINT); }

TEST_CASE("a proxy that was told to stop takes no new connections") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 20}, {"delay_ms", 50}}, "t");
    call.wait_for("notifications/progress");
    proxy.process().signal(SIGTERM);
    proxy.process().wait_for_log({"draining"});
    CHECK(eventually([&] {
        try {
            HttpClient late(proxy.port());
            return false;
        } catch (const std::system_error&) {
            return true;
        }
    }));
    CHECK(text_of(call.response()) == "done after 20 steps");
    CHECK(proxy.process().wait_exit() == "exit 0");
}

TEST_CASE("listening clients hold no shutdown up") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    Messages news = client.listen();
    REQUIRE(news.head().status == 200);
    HttpClient silent(proxy.port());
    proxy.process().signal(SIGTERM);
    CHECK_FALSE(news.next().has_value());
    CHECK(proxy.process().wait_exit() == "exit 0");
}

TEST_CASE("a second signal ends at once with exit code 1, and leaves no child either") {
    ReverseProxy proxy(kDemoServer);
    McpClient client = proxy.client();
    client.initialize();
    const auto children = children_of(proxy.process().pid());
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 50}}, "t");
    call.wait_for("notifications/progress");
    proxy.process().signal(SIGTERM);
    proxy.process().wait_for_log({"draining"});
    proxy.process().signal(SIGTERM);
    CHECK(proxy.process().wait_exit() == "exit 1");
    REQUIRE(children.size() == 1);
    CHECK(eventually([&] { return !is_running(children[0].pid); }));
}

TEST_CASE("the port is free again after the end") {
    std::uint16_t port = 0;
    {
        ReverseProxy first(kDemoServer);
        port = first.port();
        first.client().initialize();
        first.process().signal(SIGTERM);
        CHECK(first.process().wait_exit() == "exit 0");
    }
    Process second({kShadowcat, "reverse", "--upstream", kDemoServer, "--bind",
                    "127.0.0.1:" + std::to_string(port)});
    CHECK(listening_port(second) == port);
    McpClient(port).initialize();
}

TEST_CASE("a client that leaves in mid-call cancels nothing") {
    TappedProxy tapped;
    McpClient client = tapped.proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 4}, {"delay_ms", 50}}, "t");
    call.wait_for("notifications/progress");
    call.disconnect();
    CHECK(eventually([&] { return is_idle(tapped.proxy); }));
    CHECK(text_of(client.call_tool("echo", {{"message", "still here"}})) == "still here");
    const std::string seen = tapped.seen_by_server();
    CHECK(seen.find("tools/call") != std::string::npos);
    CHECK(seen.find("notifications/cancelled") == std::string::npos);
}

TEST_CASE("a client that cancels does reach the server, under the id that the server knows") {
    TappedProxy tapped;
    McpClient client = tapped.proxy.client();
    client.initialize();
    Messages call = client.begin_tool("slow", {{"steps", 1000}, {"delay_ms", 50}}, "t");
    const Json id = client.last_id();
    call.wait_for("notifications/progress");
    client.notify("notifications/cancelled", {{"requestId", id}, {"reason", "enough"}});
    CHECK(eventually([&] {
        return tapped.seen_by_server().find("notifications/cancelled") != std::string::npos;
    }));
    std::istringstream lines(tapped.seen_by_server());
    Json called, cancelled;
    for (std::string line; std::getline(lines, line);) {
        const Json message = Json::parse(line);
        if (message.at("method") == "tools/call") called = message;
        if (message.at("method") == "notifications/cancelled") cancelled = message;
    }
    CHECK(cancelled.at("params").at("requestId") == called.at("id"));
    CHECK(cancelled.at("params").at("reason") == "enough");
}
