// SPDX-License-Identifier: Apache-2.0
// Several workers that start and end children at the same time.
#include "orphan_guard.hpp"
#include "test_support.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

constexpr int kWorkers = 4;
constexpr int kChildren = 15;

awaitable<> live(Upstream& up, int& answered) {
    for (int i = 0; i < kChildren; ++i) {
        const auto pipe = co_await up.open();
        const std::string answer = co_await ask(*pipe, call(i, "ping"));
        if (answer.find("\"result\"") != std::string::npos) ++answered;
        co_await pipe->close();
    }
}

}  // namespace

TEST_CASE("workers don't get in each other's way, and hold none of each other's pipes open") {
    static_cast<void>(OrphanGuard::instance());  // its pipe stays
    const std::size_t before = open_descriptors();
    {
        std::array<std::unique_ptr<Upstream>, kWorkers> upstreams;
        std::array<int, kWorkers> answered{};
        std::vector<std::thread> threads;
        for (int i = 0; i < kWorkers; ++i) {
            upstreams[i] = std::make_unique<Upstream>(fake({"plain"}));
            threads.emplace_back([up = upstreams[i].get(), count = &answered[i]] {
                sdk::spawn_logged(up->worker, live(*up, *count), "test");
                up->worker.run();
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        for (int i = 0; i < kWorkers; ++i) {
            CHECK(answered[i] == kChildren);
            // Only a child whose stdin nobody else holds open ends by itself.
            CHECK(upstreams[i]->counted("shadowcat_child_exits_total", "closed") == kChildren);
        }
    }
    CHECK(open_descriptors() == before);
    CHECK(left_by_servers() == 0);
}
