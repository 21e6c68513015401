// SPDX-License-Identifier: Apache-2.0
// What changes between the eras, and that nothing else does.
#include "core/bridge/to_sessions/stateless_messages.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

sdk::Message parsed(std::string_view text) {
    return sdk::Message::parse(std::string(text)).value();
}

const ServerFacts kServer(
    R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"tasks":{"list":{}},"extensions":{"e":{}},"logging":{},"x":{"n":12345678901234567890}},"serverInfo":{"name":"s","version":"1"},"instructions":"be \u00e4 nice"})");
constexpr std::string_view kInfo =
    R"("io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"})";

std::string answered(std::string_view method, std::string_view result) {
    const sdk::Message response =
        parsed(R"({"jsonrpc":"2.0","id":77,"result":)" + std::string(result) + "}");
    const sdk::Message answer = to_stateless(response, "\"a\"", method, kServer);
    CHECK(answer.id() == "\"a\"");
    return std::string(sdk::json::member(answer.bytes(), "result"));
}

}  // namespace

TEST_CASE("a request loses what belongs to the stateless era, and nothing else") {
    const sdk::Message request = parsed(
        R"({"jsonrpc":"2.0","id":0,"method":"tools/call","params":{"name":"t", "arguments":{"n":9007199254740993,"f":1e400,"_meta":{"io.modelcontextprotocol/logLevel":1}},)"
        R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","traceparent":"00-1","io.modelcontextprotocol/clientInfo":{"name":"c"},)"
        R"("io.modelcontextprotocol/clientCapabilities":{},"progressToken":0,"io.modelcontextprotocol/logLevel":"info","com.example/x":[1.10]}},"extra":true})");
    CHECK(
        to_session(request, "5").bytes() ==
        R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"t", "arguments":{"n":9007199254740993,"f":1e400,"_meta":{"io.modelcontextprotocol/logLevel":1}},)"
        R"("_meta":{"traceparent":"00-1","progressToken":5,"com.example/x":[1.10]}},"extra":true})");
}

TEST_CASE("a retry loses what it brings, and a tool call its task") {
    const sdk::Message request = parsed(
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"inputResponses":{"k1":{}},"name":"t","requestState":"s","task":{"ttl":1},"_meta":{}}})");
    CHECK(to_session(request, "2").bytes() ==
          R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t","_meta":{}}})");
    const sdk::Message other = parsed(
        R"({"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"task":1,"requestState":"x"}})");
    CHECK(to_session(other, "2").params() == R"({"task":1,"requestState":"x"})");
}

TEST_CASE("capabilities of a client, as initialize has them") {
    CHECK(
        session_capabilities(
            R"({"roots":{"listChanged":true,"x":1},"sampling":{"tools":{}},"elicitation":{},"tasks":{},"extensions":{"e":{}},"experimental":{"y":2}})") ==
        R"({"roots":{"x":1},"sampling":{"tools":{}},"elicitation":{},"experimental":{"y":2}})");
    CHECK(session_capabilities("{}") == "{}");
    CHECK(session_capabilities("") == "{}");
}

TEST_CASE("initialize names the client, or the proxy when the client doesn't say enough") {
    const std::string named =
        initialize_params(R"({"roots":{}})", R"({"name":"c","version":"2","title":"C"})");
    CHECK(
        named ==
        R"({"protocolVersion":"2025-11-25","capabilities":{"roots":{}},"clientInfo":{"name":"c","version":"2","title":"C"}})");
    for (const std::string_view info : {"", "{}", R"({"name":"c"})", "7"}) {
        CHECK(sdk::json::at(initialize_params("{}", info), {"clientInfo", "name"}) ==
              "\"shadowcat\"");
    }
}

TEST_CASE("a result is completed; its own bytes stay") {
    CHECK(answered("tools/call", R"({ "content":[], "n":12345678901234567890})") ==
          R"({"resultType":"complete","_meta":{)" + std::string(kInfo) +
              R"(},"content":[], "n":12345678901234567890})");
    CHECK(answered("completion/complete", "{}") ==
          R"({"resultType":"complete","_meta":{)" + std::string(kInfo) + "}}");
    CHECK(answered("tools/call", R"({"_meta":{"x":1.0},"resultType":"task","a":1})") ==
          R"({"resultType":"complete","_meta":{"x":1.0,)" + std::string(kInfo) + R"(},"a":1})");
}

TEST_CASE("what may be cached says that it must not, whatever the server claims") {
    for (const std::string_view method : {"tools/list", "prompts/list", "resources/list",
                                          "resources/templates/list", "resources/read"}) {
        const std::string result = answered(method, R"({"ttlMs":5,"cacheScope":"public"})");
        CHECK(sdk::json::member(result, "ttlMs") == "0");
        CHECK(sdk::json::member(result, "cacheScope") == "\"private\"");
    }
    CHECK(sdk::json::member(answered("tools/call", "{}"), "ttlMs").empty());
}

TEST_CASE("tools that must run as tasks are hidden") {
    const std::string result = answered(
        "tools/list",
        R"({"tools":[{"name":"a","execution":{"taskSupport":"required"}},{"name":"b","execution":{"taskSupport":"optional"}}, {"name":"c","n":1.50}],"nextCursor":""})");
    CHECK(sdk::json::member(result, "tools") ==
          R"([{"name":"b","execution":{"taskSupport":"optional"}},{"name":"c","n":1.50}])");
    CHECK(sdk::json::member(result, "nextCursor") == "\"\"");
}

TEST_CASE("codes that this era forbids are replaced; the rest of an error stays") {
    const auto code_of = [](int code) {
        const sdk::Message error = parsed(R"({"jsonrpc":"2.0","id":9,"error":{"code":)" +
                                          std::to_string(code) + R"(,"message":"m","data":1.0}})");
        const sdk::Message answer = to_stateless(error, "3", "resources/read", kServer);
        CHECK(answer.id() == "3");
        CHECK(sdk::json::at(answer.bytes(), {"error", "data"}) == "1.0");
        return sdk::error_code_of(answer);
    };
    CHECK(code_of(-32002) == -32602);
    CHECK(code_of(-32042) == -32603);
    CHECK(code_of(-32020) == -32603);
    CHECK(code_of(-32099) == -32603);
    CHECK(code_of(-32601) == -32601);
    CHECK(code_of(-32000) == -32000);
    CHECK(code_of(17) == 17);
}

TEST_CASE("a result that is no object is an error") {
    const sdk::Message answer =
        to_stateless(parsed(R"({"jsonrpc":"2.0","id":1,"result":[]})"), "1", "tools/call", kServer);
    CHECK(sdk::error_code_of(answer) == -32603);
}

TEST_CASE("discovery repeats what initialize said, without tasks") {
    CHECK(
        kServer.discover_result() ==
        R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true},"logging":{},"x":{"n":12345678901234567890}},"instructions":"be \u00e4 nice"})");
    CHECK(kServer.logs);
    CHECK(kServer.tools_change);
    CHECK_FALSE(kServer.prompts_change);
    CHECK_FALSE(kServer.subscribes);
    CHECK(ServerFacts("{}").discover_result() ==
          R"({"supportedVersions":["2026-07-28"],"capabilities":{}})");
}
