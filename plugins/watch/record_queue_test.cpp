// SPDX-License-Identifier: Apache-2.0
// RecordQueue and Viewer: what has no room is counted, not waited for.
#include "record_queue.hpp"

#include "audience.hpp"
#include "testing.hpp"
#include "viewer.hpp"

#include <thread>

using namespace shadowcat;
using namespace shadowcat::watch;
using namespace std::chrono_literals;

TEST_CASE("records come in order, dropped ones are counted behind them") {
    RecordQueue queue(3, 1 << 20);
    for (const char* id : {"1", "2", "3"})
        CHECK(queue.push(noted(call_of(id, "t"), kOut)));
    CHECK_FALSE(queue.push(noted(call_of("4", "t"), kOut)));
    CHECK_FALSE(queue.push(noted(call_of("5", "t"), kOut)));
    std::vector<Record> batch;
    const RecordQueue::Work work = queue.wait(batch, 10s);
    REQUIRE(batch.size() == 3);
    CHECK(batch[0].entry.id == "1");
    CHECK(batch[2].entry.id == "3");
    CHECK(work.dropped == 2);
    CHECK_FALSE(work.stop);
    CHECK(queue.push(noted(call_of("6", "t"), kOut)));
    CHECK(queue.wait(batch, 10s).dropped == 0);
    CHECK(batch.size() == 1);
}

TEST_CASE("memory is bounded too") {
    Wanted wanted;
    wanted.payload_bytes = 10'000;
    const Record large = noted(call_of("1", std::string(20'000, 'x')), kOut, "s1", wanted);
    CHECK(large.size() > 10'000);
    CHECK(large.size() < 13'000);
    RecordQueue queue(1000, 30'000);
    CHECK(queue.push(large));
    CHECK(queue.push(large));
    CHECK_FALSE(queue.push(large));
    CHECK(queue.push(noted(call_of("2", "small"), kOut)));
}

TEST_CASE("the reader waits for its limit, for records, or for the end") {
    RecordQueue queue(10, 1 << 20);
    std::vector<Record> batch;
    CHECK_FALSE(queue.wait(batch, 1ms).stop);
    CHECK(batch.empty());
    std::thread writer([&] { queue.push(noted(call_of("1", "t"), kOut)); });
    while (batch.empty())
        queue.wait(batch, 10s);
    writer.join();
    CHECK(batch.size() == 1);
    queue.push(noted(call_of("2", "t"), kOut));
    queue.ask_stop();
    CHECK(queue.wait(batch, 1h).stop);
    CHECK(batch.size() == 1);
    CHECK_FALSE(queue.push(noted(call_of("3", "t"), kOut)));
}

TEST_CASE("what many workers push arrives, each one's in order") {
    RecordQueue queue(100'000, std::size_t{1} << 30);
    std::vector<std::thread> workers;
    for (const char* session : {"s1", "s2"})
        workers.emplace_back([&queue, session] {
            for (int i = 0; i < 2000; ++i)
                queue.push(noted(call_of(std::to_string(i), "t"), kOut, session));
        });
    std::vector<Record> batch, all;
    while (all.size() < 4000) {
        queue.wait(batch, 10s);
        all.insert(all.end(), batch.begin(), batch.end());
    }
    for (std::thread& worker : workers)
        worker.join();
    for (const char* session : {"s1", "s2"}) {
        int next = 0;
        for (const Record& record : all)
            if (record.entry.session == session) CHECK(record.entry.id == std::to_string(next++));
        CHECK(next == 2000);
    }
}

TEST_CASE("a slow viewer loses lines and is told how many") {
    Viewer viewer(filter_of(sdk::Json::object()), 2);
    for (std::size_t i = 0; i < Viewer::kMaxWaiting + 5; ++i)
        viewer.push(noted(call_of(std::to_string(i), "t"), kOut).entry);
    viewer.push(dropped_entry(10));
    const std::vector<Entry> taken = viewer.take();
    REQUIRE(taken.size() == Viewer::kMaxWaiting + 1);
    CHECK(taken.front().id == "0");
    CHECK(taken.back().event == "dropped");
    CHECK(taken.back().count == 15);
    CHECK(viewer.take().empty());
}

TEST_CASE("an audience says what has to be noted for it") {
    Audience audience;
    CHECK_FALSE(audience.present());
    auto first = audience.attach(filter_of({{"payload", true}, {"max_payload_bytes", 50}}));
    auto second = audience.attach(filter_of({{"contains", "echo"}}));
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(audience.present());
    CHECK(audience.wanted()->payload_bytes == 50);
    const Record record = noted(call_of("1", "echo"), kOut, "s1", *audience.wanted());
    CHECK(record.found == (*second)->bit);
    CHECK((*first)->bit != (*second)->bit);
    CHECK(noted(call_of("1", "other"), kOut, "s1", *audience.wanted()).found == 0);
    audience.detach(*first);
    CHECK(audience.wanted()->payload_bytes == 0);
    CHECK(audience.absences() == 0);
    audience.detach(*second);
    CHECK_FALSE(audience.present());
    CHECK(audience.absences() == 1);
}

TEST_CASE("viewers are bounded in number, and places are free again") {
    Audience audience;
    std::vector<std::shared_ptr<Viewer>> viewers;
    ViewerBits bits = 0;
    for (std::size_t i = 0; i < Audience::kMaxViewers; ++i) {
        viewers.push_back(audience.attach(filter_of(sdk::Json::object())).value());
        CHECK((bits & viewers.back()->bit) == 0);
        bits |= viewers.back()->bit;
    }
    CHECK((bits & Audience::kOutputBit) == 0);
    const auto refused = audience.attach(filter_of(sdk::Json::object()));
    REQUIRE(refused.has_error());
    CHECK(refused.error().message() == "8 viewers are attached already");
    audience.detach(viewers[3]);
    CHECK(audience.attach(filter_of(sdk::Json::object())).value()->bit == viewers[3]->bit);
}
