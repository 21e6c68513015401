// SPDX-License-Identifier: Apache-2.0
// Servers that never stop writing: the proxy's memory stays bounded, the log quiet, the others
// served.
#include "supervision.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

constexpr std::size_t kMostKb = 64 * 1024;
constexpr std::size_t kMuch = 200u << 20;

/// A proxy whose servers misbehave when asked to; two sessions, of which one asks.
class Loud {
public:
    explicit Loud(const std::vector<std::string>& mode)
        : proxy(ReverseProxy::with_config(config_for(mode, "      shutdown_grace_secs: 0\n",
                                                     "  limits: { request_timeout_secs: 5 }\n"))) {
        other.initialize();
        const auto before = children_of(proxy.process().pid());
        REQUIRE(before.size() == 1);
        client.initialize();
        for (const ProcessEntry& child : children_of(proxy.process().pid())) {
            if (child.pid != before[0].pid) server = child.pid;
        }
        REQUIRE(server > 0);
    }

    /// The other session is served, the proxy stays small and comes to rest.
    void check_unharmed() {
        for (int i = 0; i < 20; ++i)
            CHECK(other.ask("tools/list").contains("result"));
        CHECK(peak_kb(proxy.process().pid()) < kMostKb);
        HttpClient leaving(proxy.port());  // whose answer may wait for the stream that nobody reads
        leaving.send(http_request("DELETE", "/mcp", client.headers()));
        CHECK(eventually([&] { return children_of(proxy.process().pid()).size() == 1; }));
        CHECK(other.ask("tools/list").contains("result"));
        CHECK(peak_kb(proxy.process().pid()) < kMostKb);
    }

    std::size_t lines_with(const std::string& word) {
        std::size_t count = 0;
        std::istringstream log(proxy.process().log());
        for (std::string line; std::getline(log, line);)
            count += line.find(word) != std::string::npos ? 1 : 0;
        return count;
    }

    ReverseProxy proxy;
    McpClient client = proxy.client(), other = proxy.client();
    pid_t server = 0;
};

/// Until the server has written a lot, or is blocked because nobody takes what it writes.
bool wrote_all_it_can(pid_t server) {
    std::size_t last = 0;
    int still = 0;
    const auto has_written = [&] {
        const std::size_t now = written_by(server);
        still = now == last && now > 64 * 1024 ? still + 1 : 0;
        last = now;
        return now > kMuch || still > 30;
    };
    return eventually(has_written, 3 * kPatience);  // three million messages, on a busy machine
}

}  // namespace

TEST_CASE("a line of 100 MiB is dropped, logged once, and what follows is heard") {
    Loud loud({kFakeServer, "long-line", "100"});
    CHECK(text_of(loud.client.call_tool("fake")) == "fake");
    CHECK(written_by(loud.server) > 100u << 20);
    CHECK(loud.lines_with("oversized message dropped") == 1);
    loud.check_unharmed();
}

TEST_CASE("a line that never ends is logged once, and disturbs nobody") {
    Loud loud({kFakeServer, "long-line"});
    Messages call = loud.client.begin_tool("fake");
    CHECK(wrote_all_it_can(loud.server));
    CHECK(loud.lines_with("oversized message dropped") == 1);
    CHECK(loud.other.ask("tools/list").contains("result"));
    CHECK(call.response().at("error").at("data").at("reason") == "timed_out");
    loud.check_unharmed();
    CHECK(loud.lines_with("oversized message dropped") == 1);
}

TEST_CASE("notifications without end, during a call whose client does not read") {
    Loud loud({kFakeServer, "flood", "tools/call"});
    Messages call = loud.client.begin_tool("fake");
    CHECK(wrote_all_it_can(loud.server));
    loud.check_unharmed();
}

TEST_CASE("notifications without end, on a stream whose client does not read") {
    Loud loud({kFakeServer, "flood", "notifications/roots/list_changed"});
    Messages news = loud.client.listen();
    REQUIRE(news.head().status == 200);
    CHECK(loud.client.notify("notifications/roots/list_changed").status == 202);
    CHECK(wrote_all_it_can(loud.server));
    loud.check_unharmed();
}

TEST_CASE("notifications without end, and no stream to put them") {
    Loud loud({kFakeServer, "flood", "notifications/roots/list_changed"});
    CHECK(loud.client.notify("notifications/roots/list_changed").status == 202);
    CHECK(wrote_all_it_can(loud.server));
    loud.check_unharmed();
}
