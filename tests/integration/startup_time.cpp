// SPDX-License-Identifier: Apache-2.0
// Measures, and prints, how long after its start the proxy answers GET /health. Not a test.
#include "harness/proxy_fixture.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <thread>
#include <vector>

using namespace integration;

namespace {

constexpr int kRuns = 21;

/// Nobody listened on it a moment ago.
std::uint16_t free_port() { return FakeHttpServer({"json"}).port(); }

bool answers(std::uint16_t port) {
    try {
        return HttpClient(port).ask(http_request("GET", "/health", {})).status == 200;
    } catch (const std::system_error&) {
        return false;  // refused: not there yet
    }
}

double milliseconds_to_first_byte() {
    const std::uint16_t port = free_port();
    const auto deadline = Clock::now() + kPatience;
    const auto begin = Clock::now();
    Process proxy({kShadowcat, "reverse", "--upstream", kDemoServer, "--bind",
                   "127.0.0.1:" + std::to_string(port)});
    while (!answers(port) && Clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    const std::chrono::duration<double, std::milli> elapsed = Clock::now() - begin;
    proxy.signal(SIGTERM);
    proxy.wait_exit();
    return elapsed.count();
}

}  // namespace

int main() {
    std::vector<double> times;
    for (int run = 0; run < kRuns; ++run)
        times.push_back(milliseconds_to_first_byte());
    std::ranges::sort(times);
    std::printf(
        "first byte of GET /health after process start, %d runs: median %.1f ms, "
        "fastest %.1f ms, slowest %.1f ms\n",
        kRuns, times[kRuns / 2], times.front(), times.back());
    return 0;
}
