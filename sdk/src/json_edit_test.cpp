// SPDX-License-Identifier: Apache-2.0
#include "shadowcat/sdk/json_edit.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace json = shadowcat::sdk::json;

TEST_CASE("a member is found at its own level only") {
    const std::string_view text = R"( { "a" : {"b":1}, "b" : [2, {"a":3}] , "c\u0064":"x\"}" } )";
    CHECK(json::member(text, "a") == R"({"b":1})");
    CHECK(json::member(text, "b") == R"([2, {"a":3}])");
    CHECK(json::member(text, "cd") == R"("x\"}")");
    CHECK(json::member(text, "d").empty());
    CHECK(json::member("[1]", "a").empty());
    CHECK(json::at(text, {"a", "b"}) == "1");
    CHECK(json::at(text, {"a", "b", "c"}).empty());
}

TEST_CASE("numbers keep their digits, strings their escapes, when a member is set") {
    const std::string_view text = R"({"n":12345678901234567890.10,"s":"\u2028"})";
    CHECK(json::with_member(text, "x", "true") ==
          R"({"n":12345678901234567890.10,"s":"\u2028","x":true})");
    CHECK(json::with_member(text, "s", "[]") == R"({"n":12345678901234567890.10,"s":[]})");
    CHECK(json::with_member("{ }", "k", "1") == R"({"k":1 })");
    CHECK(json::with_member("", "k", "1") == R"({"k":1})");
    CHECK(json::with_member("{\"a\":1}\n", "k\"", "1") == "{\"a\":1,\"k\\\"\":1}\n");
}

TEST_CASE("members are left out") {
    CHECK(json::without_members(R"({"a":1,"b":2,"c":3})", {"b"}) == R"({"a":1,"c":3})");
    CHECK(json::without_members(R"({"a":1,"b":2})", {"a", "b"}) == "{}");
    CHECK(json::without_members("7", {"a"}) == "7");
}

TEST_CASE("elements and members come in order") {
    std::vector<std::string> seen;
    json::for_each_element(R"([ 1 , "a,]" , {"x":[2]} ])",
                           [&](std::string_view each) { seen.emplace_back(each); });
    CHECK(seen == std::vector<std::string>{"1", R"("a,]")", R"({"x":[2]})"});
    seen.clear();
    json::for_each_element("[]", [&](std::string_view each) { seen.emplace_back(each); });
    json::for_each_element("{}", [&](std::string_view each) { seen.emplace_back(each); });
    CHECK(seen.empty());
    json::for_each_member(R"({"a\n":1,"b":{}})", [&](std::string_view key, std::string_view value) {
        seen.push_back(std::string(key) + "=" + std::string(value));
    });
    CHECK(seen == std::vector<std::string>{"a\n=1", "b={}"});
}

TEST_CASE("text that ends too soon is not read beyond its end") {
    for (const std::string_view text :
         {"{", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":[", "{\"a\":\"x\\"}) {
        CAPTURE(text);
        CHECK(json::member(text, "b").empty());
        CHECK_FALSE(json::without_members(text, {"b"}).empty());
    }
    json::for_each_element("[", [](std::string_view) { FAIL("no element"); });
}

TEST_CASE("strings end at the first quote that is not escaped") {
    const std::string_view text = R"({"a":"\\\"]}","b":["\\"],"c\\":"\"","d":""})";
    CHECK(json::member(text, "a") == R"("\\\"]}")");
    CHECK(json::member(text, "b") == R"(["\\"])");
    CHECK(json::member(text, "c\\") == R"("\"")");
    CHECK(json::member(text, "d") == R"("")");
    CHECK(json::member(R"({"a":"\\)", "a") == R"("\\)");
}
