// SPDX-License-Identifier: Apache-2.0
// Entries come out as they went in, small and large ones in their order.
#include "record/packed_entries.hpp"

#include "record/entry_queue.hpp"
#include "record/recording_scene.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

std::string call_with(int id, std::size_t bytes) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"method":"tools/call","params":{"name":")" + std::string(bytes, 'x') + "\"}}";
}

EntryQueue::Work everything(EntryQueue& queue) {
    EntryQueue::Work work;
    queue.wait(work, sdk::Clock::now());
    return work;
}

}  // namespace

TEST_CASE("small and large entries keep their order and their bytes, over several turns") {
    EntryQueue queue(64 * 1024 * 1024);
    EntryQueue::Work work;
    for (int turn = 0; turn < 3; ++turn) {
        for (int id = 0; id < 500; ++id)
            queue.push(scene::message(call_with(id, id % 7 == 0 ? 20'000 : 10 + id)));
        queue.wait(work, sdk::Clock::now());
        int next = 0;
        sdk::TimePoint last{};
        std::size_t bytes = 0;
        work.entries.for_each([&](const Entry& entry) {
            CHECK(entry.id() == std::to_string(next));
            CHECK(entry.message() == call_with(next, next % 7 == 0 ? 20'000 : 10 + next));
            CHECK(entry.time >= last);
            last = entry.time;
            bytes += entry.bytes();
            ++next;
        });
        CHECK(next == 500);
        CHECK(bytes == work.bytes);
        queue.release(work.bytes);
    }
}

TEST_CASE("an event's parts come out as they went in, and outlive the queue when they are kept") {
    const std::array<sdk::HeaderField, 3> fields = {
        sdk::HeaderField("Accept", "a, b"), sdk::HeaderField("", ""), sdk::HeaderField("X", "")};
    sdk::TransportEvent event(sdk::TransportEvent::Kind::http_request, sdk::Hop::upstream, "s1");
    event.upstream = "primary";
    event.stream = 7;
    event.method = "POST";
    event.target = "/mcp?x";
    event.status = 3;
    event.retry_ms = 0;
    event.data_bytes = 12;
    event.headers = fields;
    std::vector<Entry> kept;
    {
        EntryQueue queue(1024 * 1024);
        queue.push(EntryParts(event, 3));
        everything(queue).entries.for_each([&](Entry& entry) {
            entry.keep();
            kept.push_back(std::move(entry));
        });
    }
    REQUIRE(kept.size() == 1);
    EventRecord record;
    kept[0].copy_event(record);
    CHECK(record.target == "/mcp?x");
    CHECK(record.upstream == "primary");
    CHECK(record.retry_ms == 0u);
    CHECK(record.data_bytes == 12);
    CHECK(record.status == 3);
    CHECK(record.stream == 7);
    std::string headers;
    kept[0].for_each_header([&](std::string_view, std::string_view name, std::string_view value) {
        headers.append("<").append(name).append("=").append(value).append(">");
    });
    CHECK(headers == "<Accept=a, b><=><X=>");
}
