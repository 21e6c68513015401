// SPDX-License-Identifier: Apache-2.0
// What the benchmark's servers answer, in both eras.
#include "answers.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

std::string text_of(const bench::Pieces& pieces) {
    bench::Buffer out;
    pieces.append_to(out);
    return std::string(out.view());
}

std::string reply(const std::string& message) { return text_of(bench::answer_to(message).message); }

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string kModern =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

std::string call(const std::string& id, const std::string& arguments,
                 const std::string& more = "") {
    return R"({"jsonrpc":"2.0","id":)" + id +
           R"(,"method":"tools/call","params":{"name":"echo","arguments":)" + arguments + more +
           "}}";
}

TEST_CASE("a session begins with the client's revision, or with the newest one") {
    const std::string begin = R"({"id":0,"method":"initialize","params":{"protocolVersion":")";
    CHECK(has(reply(begin + "2024-11-05\"}}"), R"("protocolVersion":"2024-11-05")"));
    CHECK(has(reply(begin + "2026-07-28\"}}"), R"("protocolVersion":"2025-11-25")"));
    CHECK(bench::answer_to(begin + "2025-06-18\"}}").opens_session);
    CHECK(bench::answer_to(R"({"method":"notifications/initialized"})").is_empty());
    CHECK(bench::answer_to(R"({"id":1,"result":{}})").is_empty());
}

TEST_CASE("echo gives back the same bytes, and the id as it was written") {
    CHECK(
        reply(call(R"("a\"b")", R"({"message":"x\n\"\\"})")) ==
        R"({"jsonrpc":"2.0","id":"a\"b","result":{"content":[{"type":"text","text":"x\n\"\\"}]}})");
    CHECK(has(reply(call("18446744073709551615", "{}")), R"("id":18446744073709551615,)"));
    const std::string large(1 << 20, 'x');
    CHECK(has(reply(call("1", "{\"message\":\"" + large + "\"}")), '"' + large + '"'));
}

TEST_CASE("results of the stateless era say what they are") {
    const std::string echoed = reply(call("1", R"({"message":"hi"})", "," + kModern));
    CHECK(has(echoed, R"("resultType":"complete")"));
    CHECK(has(echoed, R"("text":"hi")"));
    const auto ask = [](const std::string& method) {
        return R"({"id":1,"method":")" + method + R"(","params":{)" + kModern + "}}";
    };
    CHECK(has(reply(ask("server/discover")), R"("supportedVersions":["2026-07-28")"));
    CHECK(has(reply(ask("tools/list")), R"("ttlMs":60000)"));
    CHECK(bench::answer_to(ask("initialize")).status == 404);
    CHECK(bench::answer_to(R"({"id":1,"method":"nothing"})").status == 200);
    const std::string unknown =
        R"({"id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2030-01-01"}}})";
    CHECK(bench::answer_to(unknown).status == 400);
    CHECK(has(reply(unknown), "-32022"));
}

TEST_CASE("count reports progress only to a client that asked for it") {
    const std::string counting =
        R"({"id":1,"method":"tools/call","params":{"name":"count","arguments":{"steps":3,"message":"m"})";
    CHECK(bench::answer_to(counting + "}}").steps == 0);
    const std::string asked = counting + R"(,"_meta":{"progressToken":"t"}}})";
    const bench::Answer answer = bench::answer_to(asked);
    CHECK(answer.steps == 3);
    std::array<char, 48> digits;
    CHECK(
        text_of(bench::progress_message(answer, 2, digits)) ==
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":2,"total":3}})");
    CHECK(has(text_of(answer.message), R"("text":"m")"));
}

TEST_CASE("broken text is told from broken messages") {
    for (const char* text : {"", "{", "nonsense", R"({"id":01})", R"({"id":1,})", R"({"a":"b)",
                             "{}{}", R"({"id":1 "method":"x"})", "[1,]", R"({"x":tru})"}) {
        CAPTURE(text);
        CHECK(has(reply(text), "-32700"));
        CHECK(bench::answer_to(text).status == 400);
    }
    for (const char* text : {"[]", "1", "{}", R"({"id":1})", R"({"method":1,"id":2})"}) {
        CAPTURE(text);
        CHECK(has(reply(text), "-32600"));
    }
    CHECK(has(reply(std::string(100'000, '[')), "-32700"));
}

}  // namespace
