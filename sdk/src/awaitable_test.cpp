// SPDX-License-Identifier: Apache-2.0
// Coroutines that await each other and operations; what becomes of them when nothing comes.
#include "shadowcat/sdk/awaitable.hpp"

#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/wakeup.hpp"
#include "shadowcat/sdk/worker.hpp"
#include "shadowcat/sdk/worker_hop.hpp"

#include <boost/asio/post.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <thread>

using namespace shadowcat::sdk;

namespace {

/// Counts those that live.
class Tracked {
public:
    explicit Tracked(int& count) : count_(&count) { ++*count_; }
    Tracked(const Tracked&) = delete;
    Tracked& operator=(const Tracked&) = delete;
    ~Tracked() { --*count_; }

private:
    int* count_;
};

awaitable<int> same(int value) { co_return value; }

awaitable<> add_up(int count, long& sum) {
    for (int i = 0; i < count; ++i) {
        const int value = co_await same(1);
        sum += value;
    }
}

awaitable<int> fails() {
    throw std::runtime_error("as planned");
    co_return 0;
}

awaitable<> expect_failure(std::string& what) {
    try {
        co_await fails();
    } catch (const std::runtime_error& error) {
        what = error.what();
    }
}

awaitable<> wait_for(Wakeup& wakeup, int& alive, int& woken) {
    const Tracked here(alive);
    co_await wakeup.wait();
    ++woken;
}

awaitable<> wait_below(Wakeup& wakeup, int& alive, int& woken) {
    const Tracked here(alive);
    co_await wait_for(wakeup, alive, woken);
}

/// An operation that can't begin.
class Refuses {
public:
    template <class Handler>
    void operator()(Handler&& /*handler*/) const {
        throw std::runtime_error("not today");
    }
};

/// An operation that drops its handler.
class Forgets {
public:
    template <class Handler>
    void operator()(Handler&& handler) const {
        const auto dropped = std::forward<Handler>(handler);
    }
};

template <class Initiation>
awaitable<> begin(int& alive, std::string& what) {
    const Tracked here(alive);
    try {
        auto operation =
            boost::asio::async_initiate<const use_awaitable_t, void()>(Initiation(), use_awaitable);
        co_await std::move(operation);
    } catch (const std::runtime_error& error) {
        what = error.what();
    }
}

awaitable<> expire(Timer& timer, std::string& seen) {
    timer.expires_after(std::chrono::hours(1));
    const auto [failed] = co_await timer.async_wait(as_tuple);
    seen = failed.message();
    timer.expires_after(std::chrono::hours(1));
    try {
        co_await timer.async_wait(use_awaitable);
    } catch (const boost::system::system_error& error) {
        seen += ", then thrown";
    }
}

awaitable<> throw_there(Worker& here, Worker& there, std::thread::id& back, std::string& what) {
    try {
        auto task = []() -> awaitable<> { co_await fails(); };
        co_await run_on(here, there, task());
    } catch (const std::runtime_error& error) {
        what = error.what();
    }
    back = std::this_thread::get_id();
}

}  // namespace

TEST_CASE("a loop of a million awaits needs no deeper stack than one") {
    Worker worker;
    long sum = 0;
    spawn_logged(worker, add_up(1'000'000, sum), "test");
    worker.run();
    CHECK(sum == 1'000'000);
}

TEST_CASE("an exception reaches who awaits") {
    Worker worker;
    std::string what;
    spawn_logged(worker, expect_failure(what), "test");
    worker.run();
    CHECK(what == "as planned");
}

TEST_CASE("a coroutine that is never awaited never runs, and its frame goes") {
    int woken = 0;
    int alive = 0;
    Wakeup wakeup;
    { const auto unused = wait_for(wakeup, alive, woken); }
    CHECK(alive == 0);
    CHECK_FALSE(wakeup.waiting());
}

TEST_CASE("a wait that nothing can end any more takes the whole flow with it, once") {
    Worker worker;
    int alive = 0;
    int woken = 0;
    {
        Wakeup wakeup;
        spawn_logged(worker, wait_below(wakeup, alive, woken), "test");
        worker.poll();
        CHECK(alive == 2);
    }
    worker.poll();
    CHECK(alive == 0);
    CHECK(woken == 0);
    CHECK(worker.gate().inside() == 0);
}

TEST_CASE("a worker that goes takes with it what still waits on it") {
    int alive = 0;
    {
        Worker worker;
        Timer timer(worker.context());
        const auto wait = [](Timer& on, int& count) -> awaitable<> {
            const Tracked here(count);
            co_await on.async_wait(use_awaitable);
        };
        timer.expires_after(std::chrono::hours(1));
        spawn_logged(worker, wait(timer, alive), "test");
        worker.poll();
        CHECK(alive == 1);
    }
    CHECK(alive == 0);
}

TEST_CASE("an operation that can't begin throws where it is awaited") {
    Worker worker;
    int alive = 0;
    std::string what;
    spawn_logged(worker, begin<Refuses>(alive, what), "test");
    worker.run();
    CHECK(what == "not today");
    CHECK(alive == 0);
}

TEST_CASE("an operation that drops its handler ends the flow") {
    Worker worker;
    int alive = 0;
    std::string what;
    spawn_logged(worker, begin<Forgets>(alive, what), "test");
    worker.run();
    CHECK(what.empty());
    CHECK(alive == 0);
    CHECK(worker.gate().inside() == 0);
}

TEST_CASE("as_tuple yields the error code, use_awaitable throws it") {
    Worker worker;
    Timer timer(worker.context());
    std::string seen;
    spawn_logged(worker, expire(timer, seen), "test");
    worker.poll();
    timer.cancel();
    worker.poll();
    timer.cancel();
    worker.run();
    CHECK(seen == "Operation canceled, then thrown");
}

TEST_CASE("what is thrown on another worker arrives on one's own") {
    Worker here;
    Worker there(1);
    std::thread::id back;
    std::string what;
    spawn_logged(here, throw_there(here, there, back, what), "test");
    const auto work = boost::asio::make_work_guard(there.context());
    std::thread other([&there] { there.run(); });
    here.run();
    there.stop();
    other.join();
    CHECK(what == "as planned");
    CHECK(back == std::this_thread::get_id());
}

TEST_CASE("released memory is used again for the same size, and may be released elsewhere") {
    void* const first = allocate_frame(200);
    release_frame(first, 200);
    void* const second = allocate_frame(250);  // of the same 64 bytes
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    CHECK(first == second);
#endif
    std::thread([second] { release_frame(second, 250); }).join();
    void* const large = allocate_frame(1 << 20);
    CHECK(large != nullptr);
    release_frame(large, 1 << 20);
}
