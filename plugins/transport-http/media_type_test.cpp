// SPDX-License-Identifier: Apache-2.0
// Which Content-Type and Accept values pass.
#include "media_type.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

TEST_CASE("content types that are JSON") {
    CHECK(is_json_content("application/json"));
    CHECK(is_json_content("Application/JSON"));
    CHECK(is_json_content("application/json; charset=utf-8"));
    CHECK(is_json_content("application/json ;charset=\"UTF-8\""));
    CHECK(is_json_content("application/json; profile=x"));
}

TEST_CASE("content types that are not") {
    CHECK_FALSE(is_json_content(""));
    CHECK_FALSE(is_json_content("text/plain"));
    CHECK_FALSE(is_json_content("application/jsonp"));
    CHECK_FALSE(is_json_content("application/json-seq"));
    CHECK_FALSE(is_json_content("application/json; charset=latin1"));
    CHECK_FALSE(is_json_content("application/json, application/json"));
    CHECK_FALSE(is_json_content("text/plain; application/json"));
}

TEST_CASE("Accept admits what it names, by itself or by a range") {
    const auto* both = "application/json, text/event-stream";
    CHECK(accepts(both, "application/json"));
    CHECK(accepts(both, "text/event-stream"));
    CHECK(accepts("*/*", "application/json"));
    CHECK(accepts("text/*;q=0.3", "text/event-stream"));
    CHECK(accepts("Text/Event-Stream ; q=1", "text/event-stream"));
    CHECK(accepts(" , application/json,", "application/json"));
}

TEST_CASE("Accept refuses what it doesn't name or weighs with zero") {
    CHECK_FALSE(accepts("", "application/json"));
    CHECK_FALSE(accepts("application/json", "text/event-stream"));
    CHECK_FALSE(accepts("application/*", "text/event-stream"));
    CHECK_FALSE(accepts("text/event-stream;q=0", "text/event-stream"));
    CHECK_FALSE(accepts("text/event-stream; q=0.000", "text/event-stream"));
    CHECK_FALSE(accepts("text/event-streams", "text/event-stream"));
    CHECK_FALSE(accepts("/*", "text/event-stream"));
}

TEST_CASE("the most specific range decides, wherever it stands") {
    CHECK_FALSE(accepts("*/*, text/event-stream;q=0", "text/event-stream"));
    CHECK_FALSE(accepts("text/event-stream;q=0, */*", "text/event-stream"));
    CHECK(accepts("text/*;q=0, text/event-stream", "text/event-stream"));
    CHECK(accepts("*/*;q=0, application/json;q=0.1", "application/json"));
}
