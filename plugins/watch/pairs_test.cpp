// SPDX-License-Identifier: Apache-2.0
// Which answer belongs to which request.
#include "pairs.hpp"

#include "testing.hpp"

using namespace shadowcat;
using namespace shadowcat::watch;
using namespace std::chrono_literals;

namespace {

/// What a viewer reads of the request of a response: method, name, and time in milliseconds.
std::string seen(Pairs& pairs, Record record) {
    pairs.see(record);
    const Entry& entry = record.entry;
    if (!entry.elapsed) return "unpaired";
    return entry.method + " " + entry.name;
}

void see(Pairs& pairs, Record record) { pairs.see(record); }

std::string cancel_of(const std::string& id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id +
           "}}";
}

}  // namespace

TEST_CASE("an answer has its request's method, name and time") {
    Pairs pairs(10);
    Record request = noted(call_of("7", "echo"), kOut);
    pairs.see(request);
    CHECK_FALSE(request.entry.elapsed.has_value());
    Record answer = noted(result_of("7"), kIn);
    answer.at = request.at + 12ms;
    pairs.see(answer);
    CHECK(answer.entry.method == "tools/call");
    CHECK(answer.entry.name == "echo");
    CHECK(answer.entry.elapsed == sdk::Duration(12ms));
    CHECK(pairs.in_flight() == 0);
}

TEST_CASE("sessions, directions and types of ids are told apart") {
    Pairs pairs(10);
    see(pairs, noted(call_of("0", "number"), kOut));
    see(pairs, noted(call_of("\"0\"", "text"), kOut));
    see(pairs, noted(call_of("0", "other"), kOut, "s2"));
    see(pairs, noted(R"({"jsonrpc":"2.0","id":0,"method":"sampling/createMessage"})", kIn));
    CHECK(seen(pairs, noted(result_of("\"0\""), kIn)) == "tools/call text");
    CHECK(seen(pairs, noted(result_of("0"), kIn, "s2")) == "tools/call other");
    CHECK(seen(pairs, noted(result_of("0"), kOut)) == "sampling/createMessage ");
    CHECK(seen(pairs, noted(result_of("0"), kIn)) == "tools/call number");
    CHECK(seen(pairs, noted(result_of("0"), kIn)) == "unpaired");
}

TEST_CASE("clients without sessions share a name and ids, not exchanges") {
    Pairs pairs(10);
    sdk::MessageContext first(kOut, "stateless", "");
    first.exchange = 1;
    sdk::MessageContext second = first;
    second.exchange = 2;
    see(pairs, noted(call_of("1", "a"), first));
    see(pairs, noted(call_of("1", "b"), second));
    first.direction = second.direction = kIn;
    CHECK(seen(pairs, noted(result_of("1"), second)) == "tools/call b");
    CHECK(seen(pairs, noted(result_of("1"), first)) == "tools/call a");
}

TEST_CASE("an answer without a request is known by what the proxy knows of it") {
    Pairs pairs(10);
    sdk::MessageContext context(kIn, "s1", "primary");
    context.method = "tools/call";
    context.name = "late";
    Record answer = noted(result_of("7"), context);
    pairs.see(answer);
    CHECK(answer.entry.method == "tools/call");
    CHECK(answer.entry.name == "late");
    CHECK_FALSE(answer.entry.elapsed.has_value());
}

TEST_CASE("of too many requests the oldest is forgotten") {
    Pairs pairs(2);
    for (const char* id : {"1", "2", "3"})
        see(pairs, noted(call_of(id, "t"), kOut));
    CHECK(pairs.in_flight() == 2);
    CHECK(seen(pairs, noted(result_of("1"), kIn)) == "unpaired");
    CHECK(seen(pairs, noted(result_of("2"), kIn)) == "tools/call t");
    CHECK(seen(pairs, noted(result_of("3"), kIn)) == "tools/call t");
}

TEST_CASE("an id that is used again means the later request") {
    Pairs pairs(10);
    see(pairs, noted(call_of("1", "first"), kOut));
    see(pairs, noted(call_of("1", "second"), kOut));
    CHECK(pairs.in_flight() == 1);
    CHECK(seen(pairs, noted(result_of("1"), kIn)) == "tools/call second");
}

TEST_CASE("a request that waits long is told once, and its late answer still is its answer") {
    Pairs pairs(10);
    Record request = noted(call_of("1", "slow"), kOut);
    pairs.see(request);
    CHECK(pairs.overdue(request.at + 4s, 5s).empty());
    const std::vector<Entry> late = pairs.overdue(request.at + 6s, 5s);
    REQUIRE(late.size() == 1);
    CHECK(late[0].event == "waiting");
    CHECK(late[0].name == "slow");
    CHECK(late[0].elapsed == sdk::Duration(6s));
    CHECK(pairs.overdue(request.at + 60s, 5s).empty());
    CHECK(seen(pairs, noted(result_of("1"), kIn)) == "tools/call slow");
}

TEST_CASE("a request that was cancelled isn't waited for, but its answer is still known") {
    Pairs pairs(10);
    Record request = noted(call_of("1", "slow"), kOut);
    pairs.see(request);
    see(pairs, noted(cancel_of("\"1\""), kOut));
    see(pairs, noted(cancel_of("1"), kIn));
    see(pairs, noted(cancel_of("1"), kOut, "s2"));
    CHECK(pairs.overdue(request.at + 6s, 5s).size() == 1);
    Record next = noted(call_of("2", "slow"), kOut);
    pairs.see(next);
    see(pairs, noted(cancel_of("2"), kOut));
    CHECK(pairs.overdue(next.at + 6s, 5s).empty());
    CHECK(seen(pairs, noted(result_of("2"), kIn)) == "tools/call slow");
}

TEST_CASE("the end of a session ends its requests") {
    Pairs pairs(10);
    see(pairs, noted(call_of("1", "a"), kOut));
    see(pairs, noted(call_of("1", "b"), kOut, "s2"));
    Record closed = record_of(
        sdk::TransportEvent(sdk::TransportEvent::Kind::session_closed, sdk::Hop::downstream, "s1"),
        Wanted());
    pairs.see(closed);
    CHECK(pairs.in_flight() == 1);
    CHECK(seen(pairs, noted(result_of("1"), kIn, "s2")) == "tools/call b");
}
