// SPDX-License-Identifier: Apache-2.0
// Worker: ticks, gates and time limits.
#include "shadowcat/sdk/worker.hpp"

#include "shadowcat/sdk/deadline.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace shadowcat::sdk;

namespace {

awaitable<> limited_wait(Worker& worker, Duration limit, Duration length, error_code& outcome) {
    Timer limiter(worker.context());
    Timer operation(worker.context());
    operation.expires_after(length);
    auto op = operation.async_wait(asio::deferred);
    outcome = co_await within(limiter, limit, std::move(op));
}

awaitable<> fail() {
    throw std::runtime_error("expected in this test");
    co_return;
}

awaitable<> await_empty(Gate& gate, bool& empty) {
    co_await gate.empty();
    empty = true;
}

}  // namespace

TEST_CASE("within tells an operation's end from the limit's") {
    Worker worker;
    error_code quick, slow;
    spawn_logged(worker, limited_wait(worker, std::chrono::hours(1), Duration(0), quick), "quick");
    spawn_logged(worker, limited_wait(worker, Duration(0), std::chrono::hours(1), slow), "slow");
    worker.run();
    CHECK_FALSE(quick);
    CHECK(slow == asio::error::timed_out);
}

TEST_CASE("an escaping exception ends its coroutine only") {
    Worker worker;
    spawn_logged(worker, fail(), "failing-on-purpose");
    worker.run();
    CHECK(worker.gate().inside() == 0);
}

TEST_CASE("a tick may end itself and others") {
    Worker worker;
    int first = 0, second = 0;
    Worker::Tick one, two;
    two = worker.every_tick([&](TimePoint) { ++second; });
    one = worker.every_tick([&](TimePoint) {
        ++first;
        one = Worker::Tick();
        two = Worker::Tick();
    });
    worker.run();
    CHECK(first == 1);
    CHECK(second == 1);
}

TEST_CASE("a gate is awaited until its last pass has gone") {
    Worker worker;
    Gate gate;
    bool empty = false;
    {
        const Gate::Pass pass = gate.enter();
        spawn_logged(worker, await_empty(gate, empty), "await-empty");
        worker.poll();
        CHECK_FALSE(empty);
    }
    CHECK(empty);
}
