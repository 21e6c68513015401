// SPDX-License-Identifier: Apache-2.0
// What is kept of an upstream's tools, and for how long.
#include "tool_schemas.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

std::string tool(const std::string& name, const std::string& header) {
    return R"({"name":")" + name +
           R"(","inputSchema":{"properties":{"p":{"type":"string","x-mcp-header":")" + header +
           R"("}}}})";
}

Message answer(const std::string& tools, const std::string& type = "complete") {
    return Message::parse(R"({"jsonrpc":"2.0","id":1,"result":{"resultType":")" + type +
                          R"(","tools":)" + tools + "}}")
        .value();
}

void learn(ToolSchemas& schemas, const std::string& tools) {
    Message message = answer(tools);
    schemas.learn(message);
}

}  // namespace

TEST_CASE("the newest list counts: annotations come, change and go") {
    ToolSchemas schemas("u");
    learn(schemas, "[" + tool("a", "A") + "," + tool("b", "B") + R"(,{"name":"c"}])");
    CHECK(schemas.size() == 2);
    CHECK(schemas.find("c") == nullptr);
    REQUIRE(schemas.find("a") != nullptr);
    CHECK(schemas.find("a")->headers(R"({"p":"v"})").at(0).name == "A");
    learn(schemas, "[" + tool("a", "A2") + R"(,{"name":"b","inputSchema":{}}])");
    CHECK(schemas.size() == 1);
    CHECK(schemas.find("a")->headers(R"({"p":"v"})").at(0).name == "A2");
    CHECK(schemas.find("b") == nullptr);
    learn(schemas, "[" + tool("a", "") + "]");
    CHECK(schemas.find("a") == nullptr);
}

TEST_CASE("too many tools, or too large ones: the oldest are forgotten") {
    ToolSchemas schemas("u");
    std::string tools;
    for (std::size_t i = 0; i <= ToolSchemas::kMaxTools; ++i)
        tools += (i == 0 ? "[" : ",") + tool("t" + std::to_string(i), "H");
    learn(schemas, tools + "]");
    CHECK(schemas.size() == ToolSchemas::kMaxTools);
    CHECK(schemas.find("t0") == nullptr);
    CHECK(schemas.find("t1") != nullptr);
    const std::string big(ToolSchemas::kMaxBytes * 2 / 3, 'x');
    for (const char* name : {"first", "second"}) {
        learn(schemas, R"([{"name":")" + std::string(name) + R"(","inputSchema":{"description":")" +
                           big + R"(","properties":{"p":{"type":"string","x-mcp-header":"H"}}}}])");
    }
    CHECK(schemas.size() == 1);
    CHECK(schemas.find("second") != nullptr);
}

TEST_CASE("results that are no list of tools are left alone") {
    ToolSchemas schemas("u");
    for (const char* text :
         {R"({"jsonrpc":"2.0","id":1,"result":{"tools":7,"s":"x-mcp-header"}})",
          R"({"jsonrpc":"2.0","id":1,"result":["x-mcp-header"]})",
          R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x-mcp-header"}})",
          R"({"jsonrpc":"2.0","id":1,"result":{"tools":["x-mcp-header",{"name":7}]}})"}) {
        INFO(text);
        Message message = Message::parse(text).value();
        schemas.learn(message);
        CHECK(message.bytes() == text);
    }
    Message partial = answer("[" + tool("a", "A") + "]", "input_required");
    schemas.learn(partial);
    CHECK(schemas.size() == 0);
}
