// SPDX-License-Identifier: Apache-2.0
// JSON Pointers on JSON text: found, set and removed, and everything else byte for byte.
#include "rules/pointer.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using intercept::Pointer;

namespace {

Pointer at(const std::string& text) { return Pointer::parse(text).value(); }

std::string set(const std::string& json, const std::string& pointer, const std::string& value) {
    const auto made = at(pointer).set(json, value);
    return made.has_value() ? *made : "error: " + made.error().message();
}

const std::string kDocument =
    R"( {"a": {"b~/c" : [10, {"x": "y"}, [ ]], "big": 18446744073709551617}, "": 1, "a\u0062": 2} )";

}  // namespace

TEST_CASE("pointers find values as they stand in the text") {
    CHECK(at("/a/b~0~1c/0").find(kDocument) == "10");
    CHECK(at("/a/b~0~1c/1").find(kDocument) == R"({"x": "y"})");
    CHECK(at("/a/b~0~1c/1/x").find(kDocument) == R"("y")");
    CHECK(at("/a/big").find(kDocument) == "18446744073709551617");
    CHECK(at("/").find(kDocument) == "1");
    CHECK(at("/ab").find(kDocument) == "2");
    CHECK(at("").find("7") == "7");
}

TEST_CASE("what isn't there is not found") {
    for (const char* pointer : {"/b", "/a/b~0~1c/3", "/a/b~0~1c/-", "/a/b~0~1c/00", "/a/big/x",
                                "/a/b~0~1c/1/x/y", "/a/b~0~1c/x", "/a/b~0~1c/-1"}) {
        CAPTURE(pointer);
        CHECK(at(pointer).find(kDocument).empty());
    }
}

TEST_CASE("of members that stand twice the last counts, as for most readers") {
    CHECK(at("/p/x").find(R"({"p":{"x":1,"y":2,"x":3}})") == "3");
    CHECK(set(R"({"p":{"x":1,"y":2,"x":3}})", "/p/x", "4") == R"({"p":{"x":1,"y":2,"x":4}})");
    CHECK(at("/p/x").remove(R"({"p":{"x":1,"y":2,"x":3}})") == R"({"p":{"y":2}})");
}

TEST_CASE("setting changes the value alone") {
    CHECK(set(R"({ "a" : 1 , "b":[1, 2] })", "/a", "true") == R"({ "a" : true , "b":[1, 2] })");
    CHECK(set(R"({ "a" : 1 , "b":[1, 2] })", "/b/1", "{}") == R"({ "a" : 1 , "b":[1, {}] })");
    CHECK(set("[1]", "", "2") == "2");
}

TEST_CASE("setting adds what is missing") {
    CHECK(set(R"({"a":{ }})", "/a/x", "1") == R"({"a":{"x":1 }})");
    CHECK(set(R"({"a":{"b":1}})", "/a/c/d~1e", "[]") == R"({"a":{"b":1,"c":{"d/e":[]}}})");
    CHECK(set(R"({"a":[]})", "/a/0", "1") == R"({"a":[1]})");
    CHECK(set(R"({"a":[ ]})", "/a/-", "1") == R"({"a":[1 ]})");
    CHECK(set(R"({"a":[1, 2 ]})", "/a/2", "3") == R"({"a":[1, 2,3 ]})");
    CHECK(set(R"({"a":[1,2]})", "/a/-/x", "3") == R"({"a":[1,2,{"x":3}]})");
    CHECK(set("{}", "/q\"uote", "1") == R"({"q\"uote":1})");
}

TEST_CASE("setting has no way through scalars and beyond ends") {
    CHECK(set(R"({"a":1})", "/a/b", "1") ==
          "error: /a/b: leads through a value that is no object or array");
    CHECK(set(R"({"a":[1]})", "/a/2", "1") == "error: /a/2: the array has no such place");
    CHECK(set(R"({"a":[1]})", "/a/x", "1") == "error: /a/x: the array has no such place");
}

TEST_CASE("removing takes the key and one comma along") {
    const std::string object = R"({ "a": 1, "b" : 2 , "c":3 })";
    CHECK(at("/a").remove(object) == R"({ "b" : 2 , "c":3 })");
    CHECK(at("/b").remove(object) == R"({ "a": 1 , "c":3 })");
    CHECK(at("/c").remove(object) == R"({ "a": 1, "b" : 2 })");
    CHECK(at("/a").remove(R"({"a":1})") == "{}");
    CHECK(at("/a/b").remove(R"({"a":{"b":[1,{"b":2}]},"b":3})") == R"({"a":{},"b":3})");
    CHECK(at("/x").remove(object) == object);
    CHECK(at("/a/x").remove(object) == object);
    CHECK(at("").remove(object) == object);
}

TEST_CASE("removing from arrays moves the rest up, once") {
    CHECK(at("/0").remove("[1, 2, 3]") == "[ 2, 3]");
    CHECK(at("/1").remove("[1, 2, 3]") == "[1, 3]");
    CHECK(at("/2").remove("[1, 2, 3]") == "[1, 2]");
    CHECK(at("/0").remove("[[1,2]]") == "[]");
    CHECK(at("/3").remove("[1, 2, 3]") == "[1, 2, 3]");
}

TEST_CASE("pointers are written as RFC 6901 says") {
    CHECK(Pointer::parse("a/b").error().message() == "a JSON pointer begins with /");
    CHECK(Pointer::parse("/a~b").error().message() ==
          "in a JSON pointer ~ is written ~0 (and / in a key ~1)");
    CHECK(Pointer::parse("/a~").has_error());
    CHECK(at("/~01").first() == "~1");
}
