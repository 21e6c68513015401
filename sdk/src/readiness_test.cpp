// SPDX-License-Identifier: Apache-2.0
// Waits on socket pairs: what ends them, and what they may not miss.
#include "shadowcat/sdk/readiness.hpp"

#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace shadowcat::sdk;
using For = Readiness::For;

namespace {

/// A socket pair, of which `mine` is watched.
class Watched {
public:
    explicit Watched(Worker& worker) {
        int both[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both) == 0);
        mine = both[0];
        theirs = both[1];
        error_code failed;
        readiness = std::make_unique<Readiness>(worker.executor(), mine, failed);
        REQUIRE_FALSE(failed);
    }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    ~Watched() {
        readiness.reset();
        ::close(mine);
        if (theirs >= 0) ::close(theirs);
    }

    void hear(std::string_view text) const {
        CHECK(::send(theirs, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    }
    void lose_peer() { ::close(std::exchange(theirs, -1)); }
    ssize_t read(std::size_t most) const {
        std::string text(most, ' ');
        return ::recv(mine, text.data(), most, 0);
    }
    void fill_output() const {
        const std::string much(1 << 16, 'x');
        while (::send(mine, much.data(), much.size(), MSG_NOSIGNAL) > 0) {
        }
    }
    void drain_peer() const {
        std::string much(1 << 16, ' ');
        while (::recv(theirs, much.data(), much.size(), 0) > 0) {
        }
    }

    int mine = -1, theirs = -1;
    std::unique_ptr<Readiness> readiness;
};

/// One wait, and what it ended with.
class Waiter {
public:
    Waiter(Worker& worker, Watched& watched, For what) {
        spawn_logged(worker, run(watched, what), "test.wait");
    }
    Waiter(Worker& worker, Watched& watched, For what, Duration limit) {
        spawn_logged(worker, run(watched, what, limit), "test.wait");
    }

    std::optional<error_code> outcome;

private:
    awaitable<> run(Watched& watched, For what) {
        const error_code got = co_await watched.readiness->wait(what);
        outcome = got;
    }
    awaitable<> run(Watched& watched, For what, Duration limit) {
        const error_code got = co_await watched.readiness->wait(what, limit);
        outcome = got;
    }
};

bool done_well(const Waiter& waiter) { return waiter.outcome && !*waiter.outcome; }

}  // namespace

TEST_CASE("a wait ends when something comes, and not before") {
    Worker worker;
    Watched watched(worker);
    Waiter waiter(worker, watched, For::reading);
    worker.poll();
    CHECK_FALSE(waiter.outcome);
    CHECK_FALSE(watched.readiness->noticed());
    watched.hear("a");
    worker.poll();
    CHECK(done_well(waiter));
}

TEST_CASE("what came before the wait is not missed") {
    Worker worker;
    Watched watched(worker);
    watched.hear("a");
    const Waiter waiter(worker, watched, For::reading);
    worker.poll();
    CHECK(done_well(waiter));
}

TEST_CASE("what a read has left is told where the reader expects it") {
    Worker worker;
    Watched watched(worker);
    watched.hear("ab");
    Waiter first(worker, watched, For::reading);
    worker.poll();
    CHECK(watched.read(1) == 1);
    watched.readiness->expect_more();
    CHECK(watched.readiness->noticed());
    const Waiter second(worker, watched, For::reading);
    worker.poll();
    CHECK(done_well(second));
}

TEST_CASE("an end that came together with data is told again and again") {
    Worker worker;
    Watched watched(worker);
    watched.hear("ab");
    watched.lose_peer();
    Waiter first(worker, watched, For::reading);
    worker.poll();
    CHECK(done_well(first));
    CHECK(watched.read(10) == 2);
    const Waiter second(worker, watched, For::reading);
    worker.poll();
    CHECK(done_well(second));
    CHECK(watched.read(10) == 0);
}

TEST_CASE("a writer waits for room, and a peer that says no more does not make it run in circles") {
    Worker worker;
    Watched watched(worker);
    const Waiter stale(worker, watched, For::writing);  // there is room as long as nobody writes
    worker.poll();
    CHECK(done_well(stale));
    watched.fill_output();
    CHECK(::shutdown(watched.theirs, SHUT_WR) == 0);
    const Waiter waiter(worker, watched, For::writing);
    worker.poll();
    worker.poll();
    CHECK_FALSE(waiter.outcome);
    watched.drain_peer();
    worker.poll();
    CHECK(done_well(waiter));
}

TEST_CASE("a reader and a writer wait beside each other") {
    Worker worker;
    Watched watched(worker);
    Waiter stale(worker, watched, For::writing);
    worker.poll();
    watched.fill_output();
    const Waiter writer(worker, watched, For::writing);
    const Waiter reader(worker, watched, For::reading);
    watched.hear("a");
    worker.poll();
    CHECK(done_well(reader));
    watched.drain_peer();
    worker.poll();
    CHECK(done_well(writer));
}

TEST_CASE("cancelled waits end as aborted, outside of the call") {
    Worker worker;
    Watched watched(worker);
    const Waiter waiter(worker, watched, For::reading);
    worker.poll();
    watched.readiness->cancel();
    CHECK_FALSE(waiter.outcome);
    worker.poll();
    CHECK(waiter.outcome == asio::error::operation_aborted);
    const Waiter next(worker, watched, For::reading);
    watched.hear("a");
    worker.poll();
    CHECK(done_well(next));
}

TEST_CASE("a limited wait ends by its limit, once") {
    Worker worker;
    Watched watched(worker);
    const Waiter late(worker, watched, For::reading, std::chrono::milliseconds(1));
    worker.run();  // until nothing waits any more
    CHECK(late.outcome == asio::error::timed_out);
    watched.hear("a");
    const Waiter soon(worker, watched, For::reading, std::chrono::hours(1));
    worker.run();
    CHECK(done_well(soon));
}

TEST_CASE("one that is told may destroy itself and others that would be told next") {
    Worker worker;
    std::vector<std::unique_ptr<Watched>> all;
    for (int i = 0; i < 5; ++i)
        all.push_back(std::make_unique<Watched>(worker));
    int told = 0;
    const auto destroyer = [&](Watched& watched) -> awaitable<> {
        const error_code failed = co_await watched.readiness->wait(For::reading);
        if (failed) co_return;
        ++told;
        all.clear();
    };
    for (const auto& each : all)
        spawn_logged(worker, destroyer(*each), "test.destroy");
    worker.poll();
    for (const auto& each : all)
        each->hear("a");
    worker.poll();
    CHECK(told == 1);
    CHECK(worker.gate().inside() == 0);
}

TEST_CASE("what still waits when its worker goes is destroyed with it") {
    const auto alive = std::make_shared<int>(0);
    const auto holder = [](Worker& worker, std::shared_ptr<int> held) -> awaitable<> {
        const std::shared_ptr<int> mine = std::move(held);
        Watched watched(worker);
        (void)co_await watched.readiness->wait(For::reading);
    };
    {
        Worker worker;
        spawn_logged(worker, holder(worker, alive), "test.hold");
        worker.poll();
        CHECK(alive.use_count() == 2);
    }
    CHECK(alive.use_count() == 1);
}

TEST_CASE("what can't be watched is named") {
    Worker worker;
    error_code failed;
    const Readiness none(worker.executor(), -1, failed);
    CHECK(failed == boost::system::errc::bad_file_descriptor);
}
