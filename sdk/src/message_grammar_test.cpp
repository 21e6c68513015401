// SPDX-License-Identifier: Apache-2.0
// What is taken for JSON is JSON: compared with another parser, for many texts that nearly are.
#include "shadowcat/sdk/message.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

using shadowcat::sdk::Message;
using shadowcat::sdk::ParseLimits;

namespace {

/// Every kind of value, and every way to write white space, numbers and escapes.
const std::vector<std::string> kValues = {
    R"({})",
    R"([])",
    R"({"a":1,"b":-2.50e+3,"c":0,"d":1E9,"e":-0.0})",
    R"([true,false,null,"",{},[],[[]],{"a":{}}])",
    R"({ "a" : [ 1 , 2 ] , "b" : "x" })",
    "{\"a\"\t:\r\n[ {\"b\":[1,\n2]} ,null ]\n}",
    R"("\" \\ \/ \b \f \n \r \t \u00e9 \ud83d\ude00")",
    R"({"a\n":"\\\\","b":"\"","c":["\\"]})",
    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
    R"(123456789012345678901234567890.5e-4)",
};

std::string with_value(std::string_view value) {
    return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":)" +
           std::string(value) + "}}";
}

void check_both_agree(const std::string& value) {
    const std::string text = with_value(value);
    const bool is_json = nlohmann::json::accept(text);
    if (Message::parse(text).has_value() == is_json) return;
    FAIL_CHECK("is JSON: " << is_json << ": " << text);
}

}  // namespace

TEST_CASE("values of every kind are JSON") {
    for (const std::string& value : kValues) {
        CAPTURE(value);
        CHECK(Message::parse(with_value(value)).has_value());
    }
}

TEST_CASE("a text with a character too few, too many or another one is JSON or not") {
    const std::string others = std::string("{}[]:,\"\\ \n\t0-+.eEtfnxu/\x01\x80\xff") + '\0';
    for (const std::string& value : kValues) {
        for (std::size_t at = 0; at <= value.size(); ++at) {
            const std::string front = value.substr(0, at), rest = value.substr(at);
            for (const char other : others)
                check_both_agree(front + other + rest);
            if (rest.empty()) continue;
            check_both_agree(front + rest.substr(1));
            for (const char other : others)
                check_both_agree(front + other + rest.substr(1));
        }
    }
}

TEST_CASE("as deep as it may be, and no deeper") {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + "0" + std::string(levels, ']');
    };
    for (const std::size_t levels : {1U, 50U, 61U, 62U, 63U, 64U, 65U, 100U, 125U}) {
        CAPTURE(levels);
        CHECK(Message::parse(with_value(nested(levels))).has_value());
    }
    CHECK_FALSE(Message::parse(with_value(nested(126))).has_value());
    const ParseLimits shallow(1000, 10);
    CHECK(Message::parse(with_value(nested(7)), shallow).has_value());
    CHECK_FALSE(Message::parse(with_value(nested(8)), shallow).has_value());
}
