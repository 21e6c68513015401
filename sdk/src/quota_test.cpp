// SPDX-License-Identifier: Apache-2.0
// Quota: who gets what, in which order, and what becomes of those who can't wait.
#include "shadowcat/sdk/quota.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <thread>
#include <vector>

using namespace shadowcat::sdk;

namespace {

class Taker {
public:
    std::optional<Result<void>> outcome;
    Cancellation cancellation;
};

awaitable<> take(Worker& worker, Quota& quota, std::uint64_t amount, Duration limit, Taker& taker) {
    taker.outcome = co_await quota.take(worker, amount, limit, &taker.cancellation);
}

class QuotaScene {
public:
    QuotaScene(std::uint64_t limit, std::size_t line) : quota(limit, line) {}

    Taker& start(std::uint64_t amount, Duration limit = std::chrono::hours(1)) {
        Taker& taker = takers.emplace_back();
        spawn_logged(worker, take(worker, quota, amount, limit, taker), "take");
        worker.poll();
        return taker;
    }
    void give(std::uint64_t amount) {
        quota.give(amount);
        worker.poll();
    }

    Worker worker;
    Quota quota;
    std::deque<Taker> takers;
};

bool has_it(const Taker& taker) { return taker.outcome && taker.outcome->has_value(); }

}  // namespace

TEST_CASE("what is free is taken at once, what isn't is not") {
    Quota quota(3);
    CHECK(quota.try_take(2));
    CHECK_FALSE(quota.try_take(2));
    CHECK(quota.try_take());
    quota.give(3);
    CHECK(quota.used() == 0);
}

TEST_CASE("those who wait are served in their order, and nobody overtakes") {
    QuotaScene scene(2, 8);
    REQUIRE(scene.quota.try_take(2));
    Taker& wide = scene.start(2);
    Taker& narrow = scene.start(1);
    scene.give(1);
    CHECK_FALSE(wide.outcome);
    CHECK_FALSE(narrow.outcome);
    CHECK_FALSE(scene.quota.try_take(1));
    scene.give(1);
    CHECK(has_it(wide));
    CHECK_FALSE(narrow.outcome);
    scene.give(2);
    CHECK(has_it(narrow));
    scene.give(1);
    CHECK(scene.quota.used() == 0);
    CHECK(scene.quota.waiting() == 0);
}

TEST_CASE("a full line refuses, and so does an amount that never fits") {
    QuotaScene scene(1, 1);
    REQUIRE(scene.quota.try_take());
    Taker& first = scene.start(1);
    Taker& second = scene.start(1);
    REQUIRE(second.outcome);
    CHECK(second.outcome->error().code() == ErrorCode::unavailable);
    Taker& huge = scene.start(2);
    REQUIRE(huge.outcome);
    CHECK(huge.outcome->error().code() == ErrorCode::unavailable);
    scene.give(1);
    CHECK(has_it(first));
    scene.give(1);
}

TEST_CASE("who is cancelled leaves the line and takes nothing along") {
    QuotaScene scene(1, 4);
    REQUIRE(scene.quota.try_take());
    Taker& one = scene.start(1);
    Taker& two = scene.start(1);
    one.cancellation.request(Error(ErrorCode::cancelled, "gone"));
    scene.worker.poll();
    REQUIRE(one.outcome);
    CHECK(one.outcome->error().code() == ErrorCode::cancelled);
    scene.give(1);
    CHECK(has_it(two));
    scene.give(1);
    CHECK(scene.quota.used() == 0);
}

TEST_CASE("waiting ends at its limit") {
    QuotaScene scene(1, 4);
    REQUIRE(scene.quota.try_take());
    Taker& taker = scene.start(1, std::chrono::milliseconds(1));
    scene.worker.run();
    REQUIRE(taker.outcome);
    CHECK(taker.outcome->error().code() == ErrorCode::timed_out);
    CHECK(scene.quota.waiting() == 0);
}

TEST_CASE("a larger limit lets those in line go on") {
    QuotaScene scene(1, 4);
    REQUIRE(scene.quota.try_take());
    Taker& taker = scene.start(1);
    scene.quota.resize(2, 4);
    scene.worker.poll();
    CHECK(has_it(taker));
    scene.give(2);
}

TEST_CASE("workers that contend lose and invent nothing") {
    Quota quota(3, 10'000);
    std::atomic<int> inside{0}, most{0}, served{0};
    const auto work = [&](std::size_t index) {
        Worker worker(index);
        class Contender {
        public:
            static awaitable<> run(Worker& on, Quota& of, std::atomic<int>& in,
                                   std::atomic<int>& peak, std::atomic<int>& done) {
                for (int i = 0; i < 200; ++i) {
                    const auto taken = co_await of.take(on, 1, std::chrono::seconds(20));
                    if (taken.has_error()) continue;
                    const int now = ++in;
                    for (int seen = peak; now > seen && !peak.compare_exchange_weak(seen, now);) {
                    }
                    --in;
                    ++done;
                    of.give();
                }
            }
        };
        for (int i = 0; i < 8; ++i)
            spawn_logged(worker, Contender::run(worker, quota, inside, most, served), "contend");
        worker.run();
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 3; ++i)
        threads.emplace_back(work, i);
    for (auto& thread : threads)
        thread.join();
    CHECK(served == 3 * 8 * 200);
    CHECK(most <= 3);
    CHECK(quota.used() == 0);
    CHECK(quota.waiting() == 0);
}
