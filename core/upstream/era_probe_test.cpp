// SPDX-License-Identifier: Apache-2.0
#include "core/upstream/era_probe.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;
using enum ProbeVerdict;

namespace {

ProbeVerdict verdict_on_answer(const std::string& outcome) {
    const std::string text = R"({"jsonrpc":"2.0","id":"shadowcat-discover",)" + outcome + "}";
    return judge_probe(sdk::Message::parse(text).value(), true);
}

ProbeVerdict error(int code) {
    return verdict_on_answer(R"("error":{"code":)" + std::to_string(code) + R"(,"message":"x"})");
}

ProbeVerdict failure(sdk::ErrorCode code, bool process) {
    return judge_probe(sdk::upstream_error(code, "x"), process);
}

}  // namespace

TEST_CASE("a server that lists the revision is stateless, whatever else it lists") {
    CHECK(verdict_on_answer(R"("result":{"supportedVersions":["2026-07-28"]})") == stateless);
    CHECK(verdict_on_answer(R"("result":{"supportedVersions":["2025-11-25","2026-07-28"]})") ==
          stateless);
    CHECK(verdict_on_answer(R"("result":{"supportedVersions":["2025-11-25"]})") == sessions);
    CHECK(verdict_on_answer(R"("result":{})") == sessions);
}

TEST_CASE("only errors of the revision itself speak for it") {
    for (const int code : {-32020, -32021})
        CHECK(error(code) == stateless);
    CHECK(verdict_on_answer(
              R"("error":{"code":-32022,"message":"x","data":{"supported":["2026-07-28"]}})") ==
          stateless);
    for (const int code : {-32022, -32601, -32600, -32602, -32000, -32001, -32603, 0})
        CHECK(error(code) == sessions);
}

TEST_CASE("silence and crashes speak only of a process; refusals of nobody") {
    for (const auto code :
         {sdk::ErrorCode::timed_out, sdk::ErrorCode::crashed, sdk::ErrorCode::closed}) {
        CHECK(failure(code, true) == sessions);
        CHECK(failure(code, false) == no_evidence);
    }
    CHECK(failure(sdk::ErrorCode::protocol, false) == sessions);
    for (const auto code : {sdk::ErrorCode::unavailable, sdk::ErrorCode::unreachable}) {
        CHECK(failure(code, true) == no_evidence);
        CHECK(failure(code, false) == no_evidence);
    }
}

TEST_CASE("the question is one that a stateless server takes") {
    const sdk::Message question = discover_request();
    CHECK(question.method() == "server/discover");
    CHECK(question.meta_version() == "2026-07-28");
    CHECK(question.client_capabilities() == "{}");
}
