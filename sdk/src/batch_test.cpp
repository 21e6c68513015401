// SPDX-License-Identifier: Apache-2.0
// What batches hold, and what they must not.
#include "shadowcat/sdk/batch.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::sdk;

namespace {

constexpr std::string_view kCall = R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})";
constexpr std::string_view kNote = R"({"jsonrpc":"2.0","method":"n"})";
constexpr std::string_view kResult = R"({"jsonrpc":"2.0","id":1,"result":{}})";
constexpr std::string_view kError = R"({"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"x"}})";

std::string batch(std::initializer_list<std::string_view> elements) {
    std::string text = "[";
    for (const std::string_view each : elements)
        text.append(text.size() > 1 ? "," : "").append(each);
    return text + "]";
}

std::optional<ErrorCode> failure(std::string_view text, const ParseLimits& limits = {},
                                 std::size_t max_messages = 1000) {
    const auto split = split_batch(text, limits, max_messages);
    if (split) return std::nullopt;
    return split.error().code();
}

}  // namespace

TEST_CASE("a batch begins with a bracket") {
    CHECK(is_batch("[]"));
    CHECK(is_batch(" \r\n\t[{"));
    CHECK_FALSE(is_batch(kCall));
    CHECK_FALSE(is_batch(""));
    CHECK_FALSE(is_batch("  "));
    CHECK_FALSE(is_batch("\"[\""));
}

TEST_CASE("messages come in order, each byte as it stands in the text") {
    const std::string odd =
        "{ \"jsonrpc\":\"2.0\", \"id\":\"],[\",\n \"method\":\"a\","
        "\"params\":{\"n\":12345678901234567890123.50} }";
    const auto split = split_batch(" [" + odd + " , " + std::string(kNote) + "]\n", {});
    REQUIRE(split.has_value());
    REQUIRE(split->size() == 2);
    CHECK(split->at(0).bytes() == odd);
    CHECK(split->at(0).id() == "\"],[\"");
    CHECK(split->at(1).bytes() == kNote);
    CHECK(split_batch(batch({kResult, kError, kResult}), {})->size() == 3);
    CHECK(split_batch(batch({kCall}), {})->size() == 1);
}

TEST_CASE("what is no JSON, too deep or too large fails as any message does") {
    CHECK(failure("[") == ErrorCode::parse);
    CHECK(failure("[{]") == ErrorCode::parse);
    CHECK(failure(batch({kCall}) + "x") == ErrorCode::parse);
    CHECK(failure(R"([{"jsonrpc":"2.0","id":1,"id":2,"method":"a"}])") == ErrorCode::parse);
    const std::string deep = R"([{"jsonrpc":"2.0","id":1,"method":"a","params":{"a":{}}}])";
    CHECK(failure(deep, ParseLimits(1000, 4)) == std::nullopt);
    CHECK(failure(deep, ParseLimits(1000, 3)) == ErrorCode::parse);
    CHECK(failure(deep, ParseLimits(deep.size() - 1, 9)) == ErrorCode::too_large);
}

TEST_CASE("what is JSON and no batch is an invalid request") {
    CHECK(failure("[]") == ErrorCode::invalid_request);
    CHECK(failure("[ ]") == ErrorCode::invalid_request);
    CHECK(failure(kCall) == ErrorCode::invalid_request);
    CHECK(failure("[1]") == ErrorCode::invalid_request);
    CHECK(failure("[[]]") == ErrorCode::invalid_request);
    CHECK(failure(batch({kCall, "{}"})) == ErrorCode::invalid_request);
    CHECK(failure(batch({kCall, batch({kCall})})) == ErrorCode::invalid_request);
}

TEST_CASE("responses and requests don't mix, initialize stands alone") {
    CHECK(failure(batch({kCall, kNote})) == std::nullopt);
    CHECK(failure(batch({kCall, kResult})) == ErrorCode::invalid_request);
    CHECK(failure(batch({kResult, kNote})) == ErrorCode::invalid_request);
    CHECK(failure(batch({kNote, R"({"jsonrpc":"2.0","id":1,"method":"initialize"})"})) ==
          ErrorCode::invalid_request);
}

TEST_CASE("the number of messages is bounded") {
    CHECK(failure(batch({kCall, kCall}), {}, 2) == std::nullopt);
    CHECK(failure(batch({kCall, kCall, kCall}), {}, 2) == ErrorCode::invalid_request);
}
