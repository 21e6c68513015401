// SPDX-License-Identifier: Apache-2.0
// What the exporter makes of each kind of answer.
#include "verdict.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::otlp;
using namespace std::chrono_literals;
using Kind = Verdict::Kind;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT
const auto kNow = std::chrono::system_clock::from_time_t(784111777);

Verdict judged(int status, const std::string& body = {}, const std::string& retry = {}) {
    Reply reply(status, body);
    reply.json = true;
    reply.retry_after = retry;
    return judge(reply, kNow);
}

}  // namespace

TEST_CASE("any 2xx is success, whatever its body") {
    for (const char* body : {"", "{}", "null", "[]", "{", R"({"partialSuccess":{}})",
                             R"({"partialSuccess":null})", R"({"partialSuccess":7})"}) {
        CAPTURE(body);
        const Verdict verdict = judged(200, body);
        CHECK(verdict.kind == Kind::accepted);
        CHECK(verdict.rejected == 0);
        CHECK(verdict.reason.empty());
    }
    CHECK(judged(202).kind == Kind::accepted);
}

TEST_CASE("partial success says how much was rejected and why") {
    const Verdict spans =
        judged(200, R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})");
    CHECK(spans.kind == Kind::accepted);
    CHECK(spans.rejected == 3);
    CHECK(spans.reason == "too old");
    CHECK(judged(200, R"({"partialSuccess":{"rejectedDataPoints":12}})").rejected == 12);
    CHECK(judged(200, R"({"partialSuccess":{"rejectedSpans":"many"}})").rejected == 0);
    const std::string chatter(5000, 'x');
    CHECK(judged(200, R"({"partialSuccess":{"errorMessage":")" + chatter + "\"}}").reason.size() ==
          Verdict::kMaxReason);
}

TEST_CASE("only 429, 502, 503, 504 and silence may be repeated") {
    for (const int status : {429, 502, 503, 504})
        CHECK(judged(status).kind == Kind::later);
    for (const int status : {301, 400, 401, 403, 404, 413, 415, 500, 501})
        CHECK(judged(status).kind == Kind::refused);
    const Verdict silent = judge(sdk::Error(sdk::ErrorCode::timed_out, "no answer in time"), kNow);
    CHECK(silent.kind == Kind::later);
    CHECK(silent.reason == "no answer in time");
}

TEST_CASE("the reason has the status and the collector's own words") {
    CHECK(judged(401).reason == "status 401");
    CHECK(judged(400, R"({"code":3,"message":"bad span id"})").reason == "status 400: bad span id");
    CHECK(judged(400, R"({"message":7})").reason == "status 400");
    Reply other(500, R"({"message":"not said to be JSON"})");
    CHECK(judge(other, kNow).reason == "status 500");
}

TEST_CASE("Retry-After is a number or a date") {
    CHECK(judged(503, "", "7").retry_after == 7s);
    CHECK(judged(429, "", "0").retry_after == 0s);
    CHECK(judged(429, "", "99999999999").retry_after > 1h);
    CHECK(judged(503, "", "Sun, 06 Nov 1994 08:50:37 GMT").retry_after == 60s);
    CHECK(judged(503, "", "Sun, 06 Nov 1994 08:00:00 GMT").retry_after == 0s);
    for (const char* nonsense : {"", "soon", "-1", "1.5", "7 ", "Sun, 06 Nov 1994"}) {
        CAPTURE(nonsense);
        CHECK_FALSE(judged(503, "", nonsense).retry_after.has_value());
    }
    CHECK_FALSE(judged(400, "", "7").retry_after.has_value());
}
