// SPDX-License-Identifier: Apache-2.0
// The value encoding of MCP 2026-07-28, and what Mcp-Name mirrors: tables.
#include "shadowcat/sdk/mirrored_headers.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace shadowcat::sdk;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Message mirrored_request(const std::string& method, const std::string& params) {
    return Message::parse(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" +
                          params + "}")
        .value();
}

}  // namespace

TEST_CASE("values that a header can't carry are wrapped, and come back") {
    const Pairs table = {
        {"us-west1", "us-west1"},
        {"", ""},
        {"in the middle", "in the middle"},
        {"Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="},
        {" padded ", "=?base64?IHBhZGRlZCA=?="},
        {"line1\nline2", "=?base64?bGluZTEKbGluZTI=?="},
        {"=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="},
        {"=?base64?=", "=?base64?PT9iYXNlNjQ/PQ==?="},
        {"\ttab", "=?base64?CXRhYg==?="},
        {"a\tb", "=?base64?YQli?="},
        {std::string("a\0b", 3), "=?base64?YQBi?="},
        {"\x7F", "=?base64?fw==?="},
        {" ", "=?base64?IA==?="},
        {"=?BASE64?x?=", "=?BASE64?x?="},
        {"=?base64?x", "=?base64?x"},
        {"a\r\nX: y", "=?base64?YQ0KWDogeQ==?="},
    };
    for (const auto& [value, header] : table) {
        INFO(header);
        CHECK(encode_mirrored(value) == header);
        CHECK(decode_mirrored(header) == value);
    }
}

TEST_CASE("only the complete lower-case sentinel is one") {
    for (const char* literal :
         {"=?Base64?YQ==?=", "=?base64?YQ==", "YQ==?=", "x=?base64?YQ==?=", "=?base64?="}) {
        INFO(literal);
        CHECK(decode_mirrored(literal) == literal);
    }
    CHECK(decode_mirrored("=?base64?"
                          "?=") == "");
    CHECK(decode_mirrored("a\tb") == "a\tb");
}

TEST_CASE("what can't be decoded is told apart from a value") {
    const std::vector<std::string> bad = {
        "=?base64?YQ?=",     // padding missing
        "=?base64?YQ=?=",    // padding short
        "=?base64?YQ===?=",  // padding long
        "=?base64?====?=",   // padding alone
        "=?base64?Y=Q=?=",   // padding inside
        "=?base64?YQ-_?=",   // the URL alphabet
        "=?base64? YQ= ?=",  // blanks, which OpenSSL skips
        "=?base64?YW E?=",   // …
        "=?base64?/w==?=",   // not UTF-8
        "caf\xC3\xA9",       // a header has no such bytes
        "a\nb",
        "a\x7F",
        std::string("a\0", 2),
    };
    for (const std::string& header : bad) {
        INFO(header);
        CHECK_FALSE(decode_mirrored(header).has_value());
    }
}

TEST_CASE("Mcp-Name mirrors the name, the URI or the task of those methods that have one") {
    using Row = std::pair<std::pair<const char*, const char*>, std::optional<std::string>>;
    const std::string both = R"({"uri":"file:///a","name":"n","taskId":"t"})";
    const std::vector<Row> table = {
        {{"tools/call", both.c_str()}, "n"},
        {{"prompts/get", both.c_str()}, "n"},
        {{"resources/read", both.c_str()}, "file:///a"},
        {{"tasks/get", both.c_str()}, "t"},
        {{"tasks/update", both.c_str()}, "t"},
        {{"tasks/cancel", both.c_str()}, "t"},
        {{"tasks/result", both.c_str()}, std::nullopt},
        {{"tools/list", both.c_str()}, std::nullopt},
        {{"resources/subscribe", both.c_str()}, std::nullopt},
        {{"tools/call", R"({"uri":"file:///a"})"}, std::nullopt},
        {{"tools/call", R"({"name":7})"}, std::nullopt},
        {{"tools/call", R"({"arguments":{"name":"x"}})"}, std::nullopt},
        {{"tools/call", R"({"name":""})"}, ""},
        {{"resources/read", R"({"uri":"https:\/\/h\/\u00e9"})"}, "https://h/é"},
    };
    for (const auto& [asked, expected] : table) {
        INFO(asked.first << " " << asked.second);
        const Message message = mirrored_request(asked.first, asked.second);
        const auto name = mirrored_name(message);
        CHECK(name.has_value() == expected.has_value());
        if (name && expected) CHECK(*name == *expected);
    }
}
