// SPDX-License-Identifier: Apache-2.0
// Mailbox and Wakeup between coroutines of one worker.
#include "shadowcat/sdk/mailbox.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::sdk;

namespace {

awaitable<> collect(Mailbox<int>& box, std::vector<int>& seen, bool& ended) {
    while (auto value = co_await box.pop())
        seen.push_back(*value);
    ended = true;
}

}  // namespace

TEST_CASE("values arrive in order, the consumer runs inside the push") {
    Worker worker;
    Mailbox<int> box(4);
    std::vector<int> seen;
    bool ended = false;
    spawn_logged(worker, collect(box, seen, ended), "collect");
    worker.poll();
    CHECK(box.try_push(1));
    CHECK(seen == std::vector<int>{1});
    CHECK(box.try_push(2));
    CHECK(seen == std::vector<int>{1, 2});
    box.close();
    CHECK(ended);
    CHECK_FALSE(box.try_push(3));
    worker.poll();
    CHECK(worker.gate().inside() == 0);
}

TEST_CASE("what was pushed before close is still delivered") {
    Worker worker;
    Mailbox<int> box(2);
    CHECK(box.try_push(1));
    CHECK(box.try_push(2));
    CHECK_FALSE(box.try_push(3));
    box.close();
    std::vector<int> seen;
    bool ended = false;
    spawn_logged(worker, collect(box, seen, ended), "collect");
    worker.poll();
    CHECK(seen == std::vector<int>{1, 2});
    CHECK(ended);
}
