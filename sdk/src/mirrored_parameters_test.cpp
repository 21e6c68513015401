// SPDX-License-Identifier: Apache-2.0
// x-mcp-header: which annotations count, which headers a call needs, when they disagree with it.
#include "shadowcat/sdk/mirrored_headers.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace shadowcat::sdk;

namespace {

using Headers = std::vector<MirroredHeader>;

constexpr std::string_view kSchema = R"({"type":"object","properties":{
    "region":{"type":"string","x-mcp-header":"Region"},
    "limit":{"type":"integer","x-mcp-header":"Limit"},
    "dry":{"type":"boolean","x-mcp-header":"Dry-Run"},
    "at":{"type":"object","properties":{"zone":{"type":"string","x-mcp-header":"Zone"}}},
    "query":{"type":"string"}}})";

std::string marked(const std::string& type, const std::string& header) {
    return R"({"type":)" + type + R"(,"x-mcp-header":)" + header + "}";
}

std::string with_property(const std::string& property) {
    return R"({"type":"object","properties":{"p":)" + property + "}}";
}

std::string problem(const std::string& schema) {
    const auto read = MirroredParameters::read(schema);
    return read.has_error() ? read.error().message() : "none";
}

MirroredHeader header(const char* name, const char* value) { return MirroredHeader(name, value); }

}  // namespace

TEST_CASE("annotations that break a rule make the tool unusable over HTTP, with a reason") {
    const std::string good = marked(R"("string")", R"("Region")");
    const std::vector<std::pair<std::string, const char*>> table = {
        {with_property(marked(R"("string")", R"("")")), "it is empty"},
        {with_property(marked(R"("string")", "7")), "it is not a string"},
        {with_property(marked(R"("string")", R"("My Region")")), "it holds characters"},
        {with_property(marked(R"("string")", R"("Region:Primary")")), "it holds characters"},
        {with_property(marked(R"("string")", R"("Region\t1")")), "it holds characters"},
        {with_property(marked(R"("string")", R"("a\r\nb")")), "it holds characters"},
        {with_property(marked(R"("string")", R"("Région")")), "it holds characters"},
        {with_property(marked(R"("number")", R"("N")")), "type is not string, integer or boolean"},
        {with_property(marked(R"("object")", R"("N")")), "type is not"},
        {with_property(marked(R"("array")", R"("N")")), "type is not"},
        {with_property(marked(R"("null")", R"("N")")), "type is not"},
        {with_property(marked(R"(["string","null"])", R"("N")")), "type is not"},
        {with_property(R"({"x-mcp-header":"N","$ref":"#/$defs/s"})"), "type is not"},
        {R"({"properties":{"a":)" + good + R"(,"b":)" + good + "}}", "another property has"},
        {R"({"properties":{"a":)" + good + R"(,"b":)" + marked(R"("string")", R"("rEGION")") + "}}",
         "another property has"},
        {with_property(R"({"type":"array","items":)" + good + "}"), "can't be reached"},
        {with_property(R"({"type":"array","prefixItems":[)" + good + "]}"), "can't be reached"},
        {with_property(R"({"oneOf":[)" + good + "]}"), "can't be reached"},
        {with_property(R"({"anyOf":[{"properties":{"q":)" + good + "}}]}"), "can't be reached"},
        {R"({"allOf":[)" + with_property(good) + "]}", "can't be reached"},
        {R"({"not":)" + with_property(good) + "}", "can't be reached"},
        {R"({"if":)" + with_property(good) + "}", "can't be reached"},
        {R"({"then":)" + with_property(good) + "}", "can't be reached"},
        {R"({"else":)" + with_property(good) + "}", "can't be reached"},
        {R"({"$defs":{"s":)" + good + "}}", "can't be reached"},
        {R"({"patternProperties":{"^x":)" + good + "}}", "can't be reached"},
        {R"({"additionalProperties":)" + good + "}", "can't be reached"},
        {R"({"type":"string","x-mcp-header":"N"})", "marks the whole schema"},
        {R"({"properties":{"p":{"x\u002dmcp-header":"","type":"string"}}})", "it is empty"},
    };
    for (const auto& [schema, why] : table) {
        INFO(schema);
        CHECK(problem(schema).find(why) != std::string::npos);
    }
    CHECK(problem(with_property(marked(R"("string")", R"("")"))) ==
          R"(x-mcp-header of "p": it is empty)");
}

TEST_CASE("what only looks like an annotation is none") {
    const std::vector<std::string> table = {
        "{}",
        R"({"properties":{"x-mcp-header":{"type":"number"}}})",
        R"({"properties":{"p":{"default":{"x-mcp-header":""},"examples":[{"x-mcp-header":1}]}}})",
        R"({"properties":{"p":{"enum":["x-mcp-header"],"description":"x-mcp-header"}}})",
        R"(true)",
    };
    for (const std::string& schema : table) {
        INFO(schema);
        const auto read = MirroredParameters::read(schema);
        REQUIRE(read.has_value());
        CHECK(read->empty());
    }
}

TEST_CASE("a deeply nested schema is refused, not followed for ever") {
    std::string schema = R"({"x":"x-mcp-header"})";
    for (int i = 0; i < 2000; ++i)
        schema = R"({"not":)" + schema + "}";
    CHECK(problem(schema).find("nested too deeply") != std::string::npos);
}

TEST_CASE("a call has a header for each marked argument that is there and not null") {
    const MirroredParameters parameters = MirroredParameters::read(kSchema).value();
    const std::vector<std::pair<std::string, Headers>> table = {
        {"", {}},
        {"{}", {}},
        {R"({"region":null,"query":"q"})", {}},
        {R"({"region":"us","limit":-7,"dry":false,"at":{"zone":"z"}})",
         {header("Dry-Run", "false"), header("Limit", "-7"), header("Region", "us"),
          header("Zone", "z")}},
        {R"({"region":"","dry":true})", {header("Dry-Run", "true"), header("Region", "")}},
        {R"({"region":" \u00e9"})", {header("Region", "=?base64?IMOp?=")}},
        {R"({"limit":42.0})", {header("Limit", "42")}},
        {R"({"limit":4.2e1})", {header("Limit", "42")}},
        {R"({"limit":9007199254740993})", {header("Limit", "9007199254740993")}},
        {R"({"limit":123456789012345678901234567890})",
         {header("Limit", "123456789012345678901234567890")}},
        {R"({"limit":-0})", {header("Limit", "0")}},
        {R"({"limit":1.5})", {header("Limit", "1.5")}},
        {R"({"limit":1e999999999})", {header("Limit", "1e999999999")}},
        {R"({"at":"z","region":{"a":1},"limit":[1]})", {}},
    };
    for (const auto& [arguments, expected] : table) {
        INFO(arguments);
        Headers made = parameters.headers(arguments);
        std::ranges::sort(made, {}, &MirroredHeader::name);
        CHECK(made == expected);
    }
}

TEST_CASE("headers that disagree with the arguments are found") {
    const MirroredParameters parameters = MirroredParameters::read(kSchema).value();
    const std::string arguments = R"({"region":"us","limit":42})";
    const std::vector<std::pair<Headers, std::string>> table = {
        {{header("Region", "us"), header("Limit", "42")}, "none"},
        {{header("rEGION", "us"), header("LIMIT", "42.0"), header("Other", "x")}, "none"},
        {{header("Region", "=?base64?dXM=?="), header("Limit", "042")}, "none"},
        {{header("Region", "us")}, "Mcp-Param-Limit is missing"},
        {{header("Region", "US"), header("Limit", "42")},
         "Mcp-Param-Region differs from the arguments"},
        {{header("Region", "us"), header("Limit", "43")},
         "Mcp-Param-Limit differs from the arguments"},
        {{header("Region", "=?base64?dXM?="), header("Limit", "42")},
         "Mcp-Param-Region can't be decoded"},
        {{header("Region", "us"), header("region", "us"), header("Limit", "42")},
         "Mcp-Param-Region stands there more than once"},
        {{header("Region", "us"), header("Limit", "42"), header("Zone", "")},
         "Mcp-Param-Zone has no value in the arguments to mirror"},
        {{header("Region", "us"), header("Limit", "42"), header("Dry-Run", "null")},
         "Mcp-Param-Dry-Run has no value in the arguments to mirror"},
        {{header("Region", "=?BASE64?dXM=?="), header("Limit", "42")},
         "Mcp-Param-Region differs from the arguments"},
    };
    for (const auto& [headers, why] : table) {
        CAPTURE(why);
        CHECK(parameters.mismatch(arguments, headers).value_or("none") == why);
    }
    const Headers large = {header("Limit", "9007199254740992")};
    CHECK(parameters.mismatch(R"({"limit":9007199254740993})", large).has_value());
}
