// SPDX-License-Identifier: Apache-2.0
// Which time of an exchange runs out.
#include "core/exchange/exchange_times.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace std::chrono_literals;
using shadowcat::core::ExchangeTimes;
using shadowcat::core::SessionSettings;
namespace sdk = shadowcat::sdk;

namespace {

constexpr sdk::TimePoint kStart{1000s};

std::string overdue(ExchangeTimes& times, sdk::Duration after, const SessionSettings& settings,
                    bool client_owes_answer = false) {
    return times.overdue(kStart + after, settings, "tools/call", client_owes_answer).value_or("");
}

}  // namespace

TEST_CASE("an exchange may take as long as it shows signs of life") {
    const SessionSettings settings;
    ExchangeTimes times(kStart);
    CHECK(overdue(times, 59s, settings).empty());
    times.sign_of_life(kStart + 59s);
    CHECK(overdue(times, 118s, settings).empty());
    CHECK(overdue(times, 119s, settings) == "no answer to 'tools/call' within 60 s");
}

TEST_CASE("the first message may have a time of its own") {
    SessionSettings settings;
    settings.first_byte_timeout = 5s;
    ExchangeTimes times(kStart);
    times.sent(kStart);
    CHECK(overdue(times, 5s, settings) == "not a word about 'tools/call' within 5 s");
    times.server_spoke(kStart + 4s);
    CHECK(overdue(times, 6s, settings).empty());
}

TEST_CASE("a client may think for longer, and is told so when it took too long") {
    const SessionSettings settings;
    ExchangeTimes times(kStart);
    CHECK(overdue(times, 599s, settings, true).empty());
    CHECK_FALSE(times.client_slow());
    CHECK(overdue(times, 600s, settings, true) ==
          "no answer of the client to what 'tools/call' asked within 600 s");
    CHECK(times.client_slow());
}

TEST_CASE("what interceptors hold only its time in all can end") {
    SessionSettings settings;
    settings.total_timeout = 300s;
    ExchangeTimes times(kStart);
    times.hold();
    CHECK(overdue(times, 200s, settings).empty());
    times.go_on(kStart + 200s);
    CHECK(overdue(times, 259s, settings).empty());
    CHECK(overdue(times, 300s, settings) == "'tools/call' took longer than 300 s");
}
