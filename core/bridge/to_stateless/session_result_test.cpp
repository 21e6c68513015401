// SPDX-License-Identifier: Apache-2.0
// Responses of a stateless server, as a session's client gets them.
#include "core/bridge/to_stateless/session_result.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

sdk::Message parsed_result(std::string_view text) {
    return sdk::Message::parse(std::string(text)).value();
}

std::string response(std::string_view result) {
    return R"({"jsonrpc":"2.0","id":1,"result":)" + std::string(result) + "}";
}

std::string translated_result(std::string_view text, std::string_view method = "tools/call") {
    const sdk::Message message = parsed_result(text);
    const auto changed = session_response(message, StatelessResult(message), method, 128);
    return changed ? changed->bytes() : message.bytes();
}

std::string error(int code, std::string_view rest = {}) {
    return R"({"jsonrpc":"2.0","id":1,"error":{"code":)" + std::to_string(code) +
           R"(,"message":"m")" + std::string(rest) + "}}";
}

}  // namespace

TEST_CASE("what only the stateless era has is cut out, wherever it stands, and nothing else") {
    CHECK(translated_result(response(
              R"({"resultType":"complete","ttlMs":0,"cacheScope":"public"})")) == response("{}"));
    CHECK(translated_result(
              response(R"({ "resultType" : "complete" , "n":12345678901234567890123 })")) ==
          response(R"({ "n":12345678901234567890123 })"));
    CHECK(translated_result(
              response(R"({"a":1.0,"ttlMs":5,"b":{"ttlMs":5},"resultType":"complete"})")) ==
          response(R"({"a":1.0,"b":{"ttlMs":5}})"));
    const std::string plain = response(R"({"content":[{"text":"\u2028\/"}],"x":[1,2]})");
    CHECK(translated_result(plain) == plain);
    CHECK(translated_result(
              R"({"result":{"resultType":"complete","a":1},"id":"x","jsonrpc":"2.0"})") ==
          R"({"result":{"a":1},"id":"x","jsonrpc":"2.0"})");
}

TEST_CASE("a result of a type that a session does not know is an error") {
    for (const char* type : {R"("task")", R"("input_required")", "7"}) {
        const std::string text = translated_result(
            response(R"({"resultType":)" + std::string(type) + "}"), "tools/list");
        CHECK(text.starts_with(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,)"));
    }
    CHECK(translated_result(response("5")).find("-32603") != std::string::npos);
}

TEST_CASE("errors about the gateway's own words are not shown to the client, others are") {
    CHECK(translated_result(error(-32020)).find("-32603") != std::string::npos);
    CHECK(translated_result(error(-32022, R"(,"data":{"supported":["2027-01-01"]})"))
              .find("-32603") != std::string::npos);
    const std::string lacking = error(-32021, R"(,"data":{"requiredCapabilities":{"roots":{}}})");
    CHECK(translated_result(lacking) == lacking);
    CHECK(translated_result(error(-32602)) == error(-32602));
    CHECK(translated_result(error(7)) == error(7));
}

TEST_CASE("structured content that is no object becomes text, unless it is there as text") {
    CHECK(translated_result(
              response(R"({"content":[],"structuredContent":[1, 20000000000000000001]})")) ==
          response(R"({"content":[{"type":"text","text":"[1,20000000000000000001]"}]})"));
    CHECK(
        translated_result(response(R"({"resultType":"complete","structuredContent":"a \"b\""})")) ==
        response(R"({"content":[{"type":"text","text":"\"a \\\"b\\\"\""}]})"));
    const std::string same = R"({"type":"text","text":"[1,\n 2]"})";
    CHECK(translated_result(response(R"({"structuredContent":[1,2],"content":[)" + same + "]}")) ==
          response(R"({"content":[)" + same + "]}"));
    CHECK(translated_result(response(R"({"content":[{"type":"text","text":"other"}],)"
                                     R"("structuredContent":null,"isError":false})")) ==
          response(R"({"content":[{"type":"text","text":"other"},{"type":"text","text":"null"}],)"
                   R"("isError":false})"));
    const std::string object = response(R"({"content":[],"structuredContent":{"a":1}})");
    CHECK(translated_result(object) == object);
}

TEST_CASE("tools keep only output schemas whose root is an object") {
    const std::string object = R"({"name":"a","outputSchema":{"type":"object","x":{"n":1.0}}})";
    CHECK(translated_result(response(R"({"tools":[)" + object +
                                     R"(,{"name":"b","outputSchema":{"type":"array"}},)"
                                     R"({"outputSchema":{"$ref":"#"},"name":"outputSchema"}],)"
                                     R"("nextCursor":"","resultType":"complete"})"),
                            "tools/list") ==
          response(R"({"tools":[)" + object +
                   R"(,{"name":"b"},{"name":"outputSchema"}],"nextCursor":""})"));
    const std::string plain = response(R"({"tools":[)" + object + "]}");
    CHECK(translated_result(plain, "tools/list") == plain);
}

TEST_CASE("initialize is answered with what the server has, in a revision that has sessions") {
    const std::string found =
        R"({"supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true},)"
        R"("logging":{},"extensions":{"x":{}},"tasks":{}},"instructions":"a\u00e4",)"
        R"("_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1","title":"T"}}})";
    const std::string rest =
        R"("capabilities":{"tools":{"listChanged":true},"logging":{}},)"
        R"("serverInfo":{"name":"s","version":"1","title":"T"},"instructions":"a\u00e4"})";
    CHECK(initialize_result(found, "2025-06-18") == R"({"protocolVersion":"2025-06-18",)" + rest);
    CHECK(initialize_result(found, "2026-07-28") == R"({"protocolVersion":"2025-11-25",)" + rest);
    CHECK(initialize_result(found, "1999-01-01") == R"({"protocolVersion":"2025-11-25",)" + rest);
    CHECK(initialize_result("{}", "2024-11-05")
              .starts_with(R"({"protocolVersion":"2024-11-05","capabilities":{},)"
                           R"("serverInfo":{"name":"shadowcat","version":")"));
}

TEST_CASE("a change notification loses the id of the listen, and keeps the rest") {
    const auto plain = [](std::string_view text) {
        return without_subscription(parsed_result(text), 128).bytes();
    };
    CHECK(plain(R"({"jsonrpc":"2.0","method":"m","params":{"uri":"a","_meta":{)"
                R"("io.modelcontextprotocol/subscriptionId":7}}})") ==
          R"({"jsonrpc":"2.0","method":"m","params":{"uri":"a"}})");
    CHECK(plain(R"({"jsonrpc":"2.0","method":"m","params":{"_meta":{"a":1,)"
                R"("io.modelcontextprotocol/subscriptionId":"x"},"uri":"a"}})") ==
          R"({"jsonrpc":"2.0","method":"m","params":{"_meta":{"a":1},"uri":"a"}})");
    CHECK(plain(R"({"jsonrpc":"2.0","method":"m"})") == R"({"jsonrpc":"2.0","method":"m"})");
}
