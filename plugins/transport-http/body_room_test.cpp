// SPDX-License-Identifier: Apache-2.0
// Bodies that are read to their place.
#include "body_room.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace shadowcat::http;

TEST_CASE("a body grows by steps up to its length, and only when its room is full") {
    constexpr std::uint64_t kLength = 2 * kBodyStep + 100;
    std::string body = "abc";
    std::uint64_t missing = kLength - body.size();
    body.reserve(kLength);
    const char* const memory = body.data();
    const auto first = room_in_body(body, kLength, missing);
    CHECK(first.data() == memory + 3);
    CHECK(first.size() == kBodyStep);
    const auto again = room_in_body(body, kLength, missing - 10);
    CHECK(again.data() == memory + 13);
    CHECK(again.size() == kBodyStep - 10);
    while (missing > 0) {
        const auto room = room_in_body(body, kLength, missing);
        CHECK(room.size() > 0);
        std::memset(room.data(), 'x', room.size());
        missing -= room.size();
    }
    CHECK(body == "abc" + std::string(kLength - 3, 'x'));
    CHECK(body.data() == memory);
}
