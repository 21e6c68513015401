// SPDX-License-Identifier: Apache-2.0
// Which requests are taken for each other.
#include "replay/request_form.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

sdk::Message asked(const std::string& method, const std::string& params) {
    return sdk::Message::parse(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" +
                               params + "}")
        .value();
}

bool same(MatchMode mode, const std::string& a, const std::string& b) {
    return request_form(asked("tools/call", a), mode) == request_form(asked("tools/call", b), mode);
}

constexpr auto kNormalised = MatchMode::normalised;
constexpr auto kStrict = MatchMode::strict;

}  // namespace

TEST_CASE("tokens, versions and capabilities don't count in either mode") {
    const std::string with =
        R"({"name":"echo","_meta":{"progressToken":7,"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})";
    CHECK(same(kNormalised, with, R"({"name":"echo"})"));
    CHECK(same(kStrict, with, R"({"name":"echo"})"));
}

TEST_CASE("spelling doesn't count when normalised, and does when strict") {
    const std::string plain = R"({"name":"add","arguments":{"a":1,"b":2}})";
    const std::string other = R"({"arguments":{"b":2.0, "a":1}, "name":"add"})";
    CHECK(same(kNormalised, plain, other));
    CHECK_FALSE(same(kStrict, plain, other));
}

TEST_CASE("arguments count") {
    CHECK_FALSE(same(kNormalised, R"({"name":"add","arguments":{"a":1}})",
                     R"({"name":"add","arguments":{"a":"1"}})"));
}

TEST_CASE("no parameters are the same as empty ones") {
    const sdk::Message none =
        sdk::Message::parse(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})").value();
    CHECK(request_form(none, kNormalised) == request_form(asked("tools/list", "{}"), kNormalised));
    CHECK(request_form(none, kStrict) ==
          request_form(asked("tools/list", R"({"_meta":{"progressToken":1}})"), kStrict));
}

TEST_CASE("a retry needs its request state and its questions, whatever a person answered") {
    const std::string yes = R"({"name":"ask","requestState":"s","inputResponses":{"q":{"a":1}}})";
    const std::string no = R"({"name":"ask","requestState":"s","inputResponses":{"q":{"a":2}}})";
    CHECK(same(kNormalised, yes, no));
    CHECK_FALSE(same(kStrict, yes, no));
    CHECK_FALSE(same(kNormalised, yes, R"({"name":"ask","requestState":"s"})"));
    CHECK_FALSE(same(kNormalised, yes, R"({"name":"ask","inputResponses":{"q":{"a":1}}})"));
    CHECK_FALSE(same(kNormalised, yes, R"({"name":"ask"})"));
}

TEST_CASE("a handshake is the same whoever speaks") {
    CHECK(request_form(asked("initialize", R"({"clientInfo":{"name":"a"}})"), kStrict) ==
          request_form(asked("initialize", R"({"clientInfo":{"name":"b"}})"), kStrict));
    CHECK(opens_conversation("server/discover"));
    CHECK_FALSE(opens_conversation("tools/list"));
}
