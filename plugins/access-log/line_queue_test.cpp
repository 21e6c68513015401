// SPDX-License-Identifier: Apache-2.0
// LineQueue: nothing lost, nothing mixed, and no more than there is room for.
#include "line_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <thread>
#include <vector>

using namespace shadowcat::access_log;
using namespace std::chrono_literals;

TEST_CASE("lines come in order, and each once") {
    LineQueue queue(1 << 16);
    CHECK(queue.append("one\n"));
    CHECK(queue.append("two\n"));
    std::string batch = "old";
    const auto work = queue.wait(batch);
    CHECK(batch == "one\ntwo\n");
    CHECK(work.dropped == 0);
    CHECK_FALSE(work.stop);
    CHECK(queue.append("three\n"));
    queue.wait(batch);
    CHECK(batch == "three\n");
}

TEST_CASE("what has no room is dropped and counted, and it goes on once there is room") {
    LineQueue queue(2000);  // two buffers of 1000
    const std::string line(100, 'x');
    for (int i = 0; i < 10; ++i)
        CHECK(queue.append(line));
    for (int i = 0; i < 7; ++i)
        CHECK_FALSE(queue.append(line));
    std::string batch;
    CHECK(queue.wait(batch).dropped == 7);
    CHECK(batch.size() == 1000);
    CHECK(queue.append(line));
    CHECK(queue.wait(batch).dropped == 0);
    CHECK(batch == line);
}

TEST_CASE("the writer is told to reopen and to stop without a line") {
    LineQueue queue(1 << 16);
    std::string batch;
    queue.ask_reopen();
    CHECK(queue.wait(batch).reopen);
    queue.ask_reopen();
    queue.pause(1h);  // returns at once
    CHECK(queue.take_reopen());
    CHECK_FALSE(queue.take_reopen());
    CHECK_FALSE(queue.stopping());
    queue.append("last\n");
    queue.ask_stop();
    CHECK(queue.wait(batch).stop);
    CHECK(batch == "last\n");
    CHECK(queue.stopping());
}

TEST_CASE("lines of many threads arrive whole, once, and each thread's in order") {
    constexpr int kThreads = 4, kLines = 20'000;
    LineQueue queue(8 << 20);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&queue, t] {
            for (int i = 0; i < kLines; ++i)
                while (!queue.append(std::to_string(t) + " " + std::to_string(i) + "\n"))
                    std::this_thread::yield();
        });
    std::vector<int> next(kThreads);
    std::string batch;
    while (std::ranges::count(next, kLines) < kThreads) {
        queue.wait(batch);
        std::istringstream lines(batch);
        int thread = 0, number = 0;
        while (lines >> thread >> number) {
            REQUIRE(number == next.at(static_cast<std::size_t>(thread)));
            ++next[static_cast<std::size_t>(thread)];
        }
    }
    for (std::thread& thread : threads)
        thread.join();
}
