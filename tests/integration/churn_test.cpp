// SPDX-License-Identifier: Apache-2.0
// Sessions that come and go with random faults; afterwards the proxy is as it was.
// SHADOWCAT_CHURN says how many (600), SHADOWCAT_CHURN_SEED which (1).
#include "supervision.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <random>
#include <thread>

using namespace integration;

namespace {

constexpr int kClients = 8;

const std::string kUpstreamKeys =
    "      shutdown_grace_secs: 1\n"
    "      pool: { max_starting: 16, max_waiting: 1000, backoff_ms: 1, max_backoff_ms: 1 }\n";
const std::string kProxyKeys =
    "  session: { timeout_secs: 1 }\n"
    "  limits: { request_timeout_secs: 3 }\n";

int number_from_environment(const char* name, int fallback) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : fallback;
}

Json hello(const std::string& order) {
    return {{"protocolVersion", "2025-11-25"},
            {"capabilities", Json::object()},
            {"clientInfo", {{"name", order}, {"version", "1"}}}};
}

/// One session; `open` and the faults are what a client might see or do.
class Visitor {
public:
    explicit Visitor(std::uint16_t port) : client_(port) {}

    void open() {
        Messages answer = client_.begin("initialize", hello("ok"));
        const Json response = answer.response();
        if (!response.contains("result")) throw Impatient("not opened: " + response.dump());
        client_.adopt(answer.head().header("mcp-session-id"), "2025-11-25");
    }
    void fail_to_open(const std::string& order, const std::string& reason) {
        const Json response = client_.begin("initialize", hello(order)).response();
        if (!response.contains("error")) throw Impatient("opened: " + response.dump());
        CHECK(response.at("error").at("data").at("reason") == reason);
    }
    void vanish_while_opening() { client_.begin("initialize", hello("hang")).disconnect(); }

    Messages begin(const std::string& order) { return client_.begin_tool("fake", {{"do", order}}); }
    void call(const std::string& order) {
        const Json response = begin(order).response();
        CHECK_MESSAGE(response.contains("result"), response.dump());
    }
    void crash() {
        const Json response = begin("crash").response();
        if (!response.contains("error")) throw Impatient("no crash: " + response.dump());
        CHECK(response.at("error").at("data").at("reason") == "crashed");
    }
    void vanish_in_mid_stream() {
        Messages stream = begin("stream");
        stream.wait_for("notifications/message");
        stream.disconnect();
    }
    void vanish_in_mid_call() { begin("hang").disconnect(); }
    void end() { CHECK(client_.end().status == 200); }

private:
    McpClient client_;
};

/// One cycle; `dice` decides which.
void visit(std::uint16_t port, std::mt19937& dice) {
    Visitor visitor(port);
    const auto roll = dice() % 100;
    if (roll < 8) return visitor.fail_to_open("crash", "crashed");
    if (roll < 9) return visitor.fail_to_open("hang", "timed_out");
    if (roll < 14) return visitor.vanish_while_opening();
    visitor.open();
    if (roll < 34) {
        visitor.crash();
    } else if (roll < 48) {
        visitor.vanish_in_mid_stream();
    } else if (roll < 56) {
        visitor.vanish_in_mid_call();
    } else {
        visitor.call(roll < 66 ? "family" : "nothing");
    }
    if (roll % 2 == 0) visitor.end();  // otherwise it is abandoned
}

class Churn {
public:
    explicit Churn(unsigned seed)
        : proxy(ReverseProxy::with_config(
              config_for({kFakeServer, "obedient", mark.text()}, kUpstreamKeys, kProxyKeys))),
          seed_(seed) {}

    void run(int cycles, int clients) {
        std::vector<std::thread> threads;
        for (int i = 0; i < clients; ++i) {
            const int share = cycles / clients + (i < cycles % clients ? 1 : 0);
            threads.emplace_back([this, share, seed = seed_++] { run_client(share, seed); });
        }
        for (std::thread& thread : threads)
            thread.join();
    }

    /// Neither servers nor what they started, nor zombies.
    void settle() {
        CHECK(mark.gone());
        CHECK(eventually([this] { return children_of(pid()).empty(); }));
        CHECK(eventually([this] {
            return proxy.page("/metrics").body.find("\nshadowcat_sessions 0\n") !=
                   std::string::npos;
        }));
        std::size_t last = 0;
        eventually([&] { return std::exchange(last, open_descriptors(pid())) == last; });
    }

    pid_t pid() { return proxy.process().pid(); }

    Mark mark;
    ReverseProxy proxy;

private:
    void run_client(int cycles, unsigned seed) {
        std::mt19937 dice(seed);
        for (int i = 0; i < cycles; ++i) {
            try {
                visit(proxy.port(), dice);
            } catch (const std::exception& failure) {
                FAIL_CHECK("client ", seed, ", cycle ", i, ": ", std::string(failure.what()),
                           "\n" + proxy.process().log());
            }
        }
    }

    unsigned seed_;
};

}  // namespace

TEST_CASE("many sessions with random faults leave the proxy as it was") {
    const int cycles = number_from_environment("SHADOWCAT_CHURN", 600);
    const int seed = number_from_environment("SHADOWCAT_CHURN_SEED", 1);
    CAPTURE(seed);
    Churn churn(static_cast<unsigned>(seed));
    // With more clients at a time, so that no peak of what follows is the first of its height.
    churn.run(400 + cycles / 20, 3 * kClients);
    churn.settle();
    const std::size_t descriptors = open_descriptors(churn.pid());
    const std::size_t memory = resident_kb(churn.pid());
    const auto began = Clock::now();
    churn.run(cycles, kClients);
    churn.settle();
    const std::chrono::duration<double> took = Clock::now() - began;
    const std::size_t memory_after = resident_kb(churn.pid());
    MESSAGE(cycles, " cycles in ", took.count(), " s, ", descriptors, " descriptors before, ",
            open_descriptors(churn.pid()), " after; ", memory, " KiB before, ", memory_after,
            " KiB after, ", peak_kb(churn.pid()), " KiB at most");
    CHECK(open_descriptors(churn.pid()) == descriptors);
    CHECK(zombies_of(churn.pid()) == 0);
    CHECK(memory_after <= memory + memory / 10);
}
