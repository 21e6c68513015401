// SPDX-License-Identifier: Apache-2.0
// What is kept of streams, and for how long.
#include "core/session/replay_buffer.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

sdk::TimePoint at(int seconds) { return sdk::TimePoint() + std::chrono::seconds(seconds); }

sdk::Message note(std::string_view text) {
    return sdk::Message::parse(R"({"jsonrpc":"2.0","method":"n","params":{"t":")" +
                               std::string(text) + R"("}})")
        .value();
}

/// All that follows `event_id`, as text.
std::vector<std::string> after(const ReplayBuffer& buffer, std::string_view event_id) {
    std::vector<std::string> texts;
    auto position = buffer.find(event_id);
    REQUIRE(position);
    while (const ReplayBuffer::Record* next = buffer.next(*position)) {
        texts.push_back(next->message.bytes());
        position->number = next->number;
    }
    return texts;
}

}  // namespace

TEST_CASE("an event id leads to what followed on its own stream") {
    ReplayBuffer buffer(100, 100'000);
    const auto one = buffer.open("aa"), two = buffer.open("bb");
    CHECK(buffer.record(one, note("1"), at(0)) == "aa.1");
    CHECK(buffer.record(two, note("x"), at(0)) == "bb.1");
    CHECK(buffer.record(one, note("2"), at(0)) == "aa.2");
    CHECK(after(buffer, "aa.1") == std::vector<std::string>{note("2").bytes()});
    CHECK(after(buffer, "aa.2").empty());
    for (const char* unknown : {"", "aa", "aa.", "aa.0", "aa.3", "aa.1x", "aa.-1", "cc.1", ".1"}) {
        CAPTURE(unknown);
        CHECK_FALSE(buffer.find(unknown));
    }
}

TEST_CASE("the beginning of a connection is an event without a message") {
    ReplayBuffer buffer(100, 100'000);
    const auto stream = buffer.open("aa");
    CHECK(buffer.mark(stream) == "aa.1");
    buffer.record(stream, note("1"), at(0));
    CHECK(after(buffer, "aa.1").size() == 1);
    CHECK(buffer.missing(*buffer.find("aa.1")) == 0);
}

TEST_CASE("the oldest go first, over all streams; the last stays whatever its size") {
    ReplayBuffer buffer(2, 100'000);
    const auto one = buffer.open("aa"), two = buffer.open("bb");
    buffer.record(one, note("1"), at(0));
    buffer.record(one, note("2"), at(0));
    buffer.record(one, note("3"), at(0));
    buffer.record(two, note("x"), at(0));
    CHECK(buffer.messages() == 2);
    CHECK(buffer.missing(*buffer.find("aa.1")) == 1);
    CHECK(after(buffer, "aa.1") == std::vector<std::string>{note("3").bytes()});
    ReplayBuffer small(10, 10);
    const auto stream = small.open("aa");
    small.record(stream, note("first"), at(0));
    small.record(stream, note("second"), at(0));
    CHECK(small.messages() == 1);
    CHECK(small.bytes() == note("second").bytes().size());
}

TEST_CASE("an ended stream is kept while it may be asked for, then forgotten") {
    ReplayBuffer buffer(100, 100'000);
    const auto ended = buffer.open("aa"), running = buffer.open("bb");
    buffer.record(ended, note("1"), at(0));
    buffer.record(running, note("1"), at(0));
    buffer.close(ended);
    CHECK_FALSE(buffer.is_open(ended));
    buffer.forget_before(at(0));
    CHECK(buffer.find("aa.1"));
    buffer.forget_before(at(1));
    CHECK_FALSE(buffer.find("aa.1"));
    CHECK(buffer.find("bb.1"));
    buffer.close(running);
    buffer.forget_before(at(1));
    CHECK(buffer.empty());
    CHECK(buffer.bytes() == 0);
}
