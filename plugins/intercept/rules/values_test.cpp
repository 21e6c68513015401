// SPDX-License-Identifier: Apache-2.0
// Values: how YAML scalars become JSON, how values compare, and what patterns match.
#include "rules/json_template.hpp"
#include "rules/json_value.hpp"
#include "rules/scalar_json.hpp"
#include "rules/text_pattern.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::intercept;

namespace {

std::string json_of_yaml(const std::string& yaml) {
    Problems problems;
    const auto node = read_yaml(yaml, problems);
    return node ? json_of(*node) : problems.front().text("f");
}

std::string filled(const std::string& json, const std::string& message) {
    const auto made = JsonTemplate::parse(json);
    return made.has_value() ? made->fill(message) : "error: " + made.error().message();
}

bool matches(const std::string& pattern, const std::string& text) {
    return TextPattern::parse(pattern).value().matches(text);
}

const std::string kMessage =
    R"({"id":7,"params":{"s":"a\"b\u00e9","n":123456789012345678901,"o":{"k":"v"},"e":""}})";

}  // namespace

TEST_CASE("scalars become JSON as YAML 1.2 means them, digits kept") {
    const std::pair<const char*, const char*> table[] = {
        {"18446744073709551617", "18446744073709551617"},
        {"1.10", "1.10"},
        {"-0", "-0"},
        {"1e400", "1e400"},
        {"+5", "5"},
        {".5", "0.5"},
        {"0x1F", "31"},
        {"0o17", "15"},
        {"007", "\"007\""},
        {"1.", "\"1.\""},
        {"no", "\"no\""},
        {"True", "true"},
        {"~", "null"},
        {"", "null"},
        {"'1'", "\"1\""},
        {"\"true\"", "\"true\""},
        {"!!str 7", "\"7\""},
        {"2026-01-01", "\"2026-01-01\""},
        {"{a: [1, x, null], \"b\": {}}", R"({"a":[1,"x",null],"b":{}})"},
        {R"({"a": "\u00e4\n", "b": [true]})", R"({"a":"ä\n","b":[true]})"},
        {"a: &x [1, 2]\nb: *x", R"({"a":[1,2],"b":[1,2]})"},
    };
    for (const auto& [yaml, json] : table) {
        CAPTURE(yaml);
        CHECK(json_of_yaml(yaml) == json);
    }
}

TEST_CASE("aliases can't multiply or go in circles") {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j)
            bomb += before + ",";
        bomb += "]\n";
    }
    CHECK(json_of_yaml(bomb).find("too many values; the limit is 100000") != std::string::npos);
    CHECK(json_of_yaml("a: &a [*a]").find("nested too deeply") != std::string::npos);
}

TEST_CASE("numbers compare by value, however large or written") {
    CHECK(same_json("1", "1.0"));
    CHECK(same_json("100", "1e2"));
    CHECK(same_json("9223372036854775807", "9223372036854775807"));
    CHECK_FALSE(same_json("9223372036854775807", "9223372036854775806"));
    CHECK_FALSE(same_json("18446744073709551615", "18446744073709551614"));
    CHECK_FALSE(same_json("123456789012345678901", "123456789012345678902"));
    CHECK_FALSE(same_json("1", "\"1\""));
    CHECK_FALSE(same_json("null", ""));
    CHECK_FALSE(same_json("true", "1"));
    CHECK((compare_numbers("9007199254740993", "9007199254740992") > 0));
    CHECK((compare_numbers("-1", "1e400") < 0));
    CHECK((compare_numbers("1", "\"2\"") == std::partial_ordering::unordered));
}

TEST_CASE("strings compare by their characters, containers by what they hold") {
    CHECK(same_json(R"("a\u0062")", R"("ab")"));
    CHECK(same_json(R"({"a":1,"b":[2]})", R"({ "b" : [ 2 ], "a" : 1 })"));
    CHECK_FALSE(same_json("[1,2]", "[2,1]"));
    CHECK_FALSE(same_json("[]", "{}"));
}

TEST_CASE("patterns are texts, globs or expressions") {
    CHECK(matches("tools/call", "tools/call"));
    CHECK_FALSE(matches("tools/call", "tools/call2"));
    CHECK_FALSE(matches("a.b", "aXb"));
    CHECK(matches("tools/*", "tools/call/more"));
    CHECK(matches("*_file", "delete_file"));
    CHECK_FALSE(matches("*_file", "delete_files"));
    CHECK(matches("a?c.*", "aäc.\n"));
    CHECK_FALSE(matches("a?c", "ac"));
    CHECK(matches("/^del.*e$/", "delete"));
    CHECK(matches("/LET/i", "delete"));
    CHECK_FALSE(matches("/LET/", "delete"));
    CHECK(matches("/", "/"));
    CHECK(matches("//", "//"));
}

TEST_CASE("templates take values out of the message") {
    CHECK(filled(R"({"x":"${/params/n}"})", kMessage) == R"({"x":123456789012345678901})");
    CHECK(filled(R"(["${/params/o}","${/params/s}"])", kMessage) == R"([{"k":"v"},"a\"b\u00e9"])");
    CHECK(filled(R"("id ${/id}, ${/params/s}: ${/params/o}${/none}!")", kMessage) ==
          R"("id 7, a\"b\u00e9: {\"k\":\"v\"}!")");
    CHECK(filled(R"("${/none}")", kMessage) == "null");
    CHECK(filled(R"("x${/params/e}y")", kMessage) == R"("xy")");
    CHECK(filled(R"("$${/id} ${HOME} $${/id}${/id}")", kMessage) == R"("${/id} ${HOME} ${/id}7")");
    CHECK(filled(R"({"${/id}":1})", kMessage) == R"({"${/id}":1})");
    CHECK(filled("[1,true,null]", kMessage) == "[1,true,null]");
    CHECK(filled(R"("${/id")", kMessage) == "error: a ${/ has no closing }");
    CHECK(filled(R"("${/a~}")", kMessage).starts_with("error: in a JSON pointer"));
}
