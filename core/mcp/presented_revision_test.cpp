// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/presented_revision.hpp"

#include <doctest/doctest.h>

#include <string>

namespace sdk = shadowcat::sdk;

namespace {

std::string answer(std::string_view revision, std::string_view capabilities = "{}") {
    return R"({"jsonrpc":"2.0","id":12345678901234567890,"result":{"protocolVersion":")" +
           std::string(revision) + R"(","capabilities":)" + std::string(capabilities) +
           R"(,"x":1.10}})";
}

/// What a client that asked for one revision is told by a server of another.
std::string presented(std::string_view asked, const std::string& answered) {
    const std::string request =
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":")" +
        std::string(asked) + R"("}})";
    sdk::Message response = sdk::Message::parse(answered).value();
    shadowcat::core::mcp::present_revision(response, request);
    return response.bytes();
}

}  // namespace

TEST_CASE("a client that asked for an older revision gets that") {
    CHECK(presented("2025-03-26", answer("2025-11-25")) == answer("2025-03-26"));
    CHECK(presented("2024-11-05", answer("2025-06-18")) == answer("2024-11-05"));
}

TEST_CASE("the same or an older revision of the server is passed on") {
    for (const char* spoken : {"2025-03-26", "2025-06-18", "2025-11-25"}) {
        CHECK(presented("2025-11-25", answer(spoken)) == answer(spoken));
    }
}

TEST_CASE("revisions that nobody knows are nobody's business") {
    CHECK(presented("2024-01-01", answer("2025-11-25")) == answer("2025-11-25"));
    CHECK(presented("2025-11-25", answer("2031-01-01")) == answer("2031-01-01"));
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x"}})";
    CHECK(presented("2025-11-25", error) == error);
}

TEST_CASE("completion of a server that could not declare it is declared") {
    CHECK(presented("2025-11-25", answer("2024-11-05", R"({"tools":{}})")) ==
          answer("2024-11-05", R"({"tools":{},"completions":{}})"));
    CHECK(presented("2024-11-05", answer("2024-11-05")) == answer("2024-11-05"));
}
