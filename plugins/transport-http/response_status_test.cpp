// SPDX-License-Identifier: Apache-2.0
// The status each error gets.
#include "response_status.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

int status_of_code(ErrorCode code, ErrorSource source = ErrorSource::internal) {
    return status_of(Error(code, "x", source));
}

}  // namespace

TEST_CASE("failures behind the proxy are 5xx, so that no client takes them for its session's end") {
    CHECK(status_of_code(ErrorCode::unavailable) == 503);
    CHECK(status_of_code(ErrorCode::session_limit) == 503);
    CHECK(status_of_code(ErrorCode::timed_out) == 504);
    CHECK(status_of_code(ErrorCode::unreachable) == 502);
    CHECK(status_of_code(ErrorCode::crashed) == 502);
    CHECK(status_of_code(ErrorCode::closed) == 502);
    CHECK(status_of_code(ErrorCode::protocol) == 502);
    CHECK(status_of_code(ErrorCode::internal) == 500);
    CHECK(status_of_code(ErrorCode::config) == 500);
}

TEST_CASE("404 means that the session is unknown, nothing else does") {
    CHECK(status_of_code(ErrorCode::unknown_session) == 404);
    for (int code = 0; code <= static_cast<int>(ErrorCode::unsupported); ++code) {
        const auto each = static_cast<ErrorCode>(code);
        CHECK((status_of_code(each) == 404) == (each == ErrorCode::unknown_session));
    }
}

TEST_CASE("malformed and oversized messages are the fault of the side they come from") {
    CHECK(status_of_code(ErrorCode::parse, ErrorSource::downstream) == 400);
    CHECK(status_of_code(ErrorCode::invalid_request, ErrorSource::downstream) == 400);
    CHECK(status_of_code(ErrorCode::too_large, ErrorSource::downstream) == 413);
    CHECK(status_of_code(ErrorCode::parse, ErrorSource::upstream) == 502);
    CHECK(status_of_code(ErrorCode::too_large, ErrorSource::upstream) == 502);
}

TEST_CASE("policy is answered inside JSON-RPC, but a refused notification is no success") {
    CHECK(status_of_code(ErrorCode::blocked) == 200);
    CHECK(status_of_refused_notification(Error(ErrorCode::blocked, "x")) == 400);
    CHECK(status_of_refused_notification(Error(ErrorCode::crashed, "x")) == 502);
    CHECK(status_of_refused_notification(Error(ErrorCode::unknown_session, "x")) == 404);
}

TEST_CASE("a stateless client's status is that of the error's code") {
    const auto status_of_code = [](int code) {
        return status_of_stateless(make_error("1", code, "x"));
    };
    CHECK(status_of_code(-32601) == 404);
    CHECK(status_of_code(-32020) == 400);
    CHECK(status_of_code(-32021) == 400);
    CHECK(status_of_code(-32022) == 400);
    for (int code : {-32602, -32603, -32600, -32700, -32002, -32000, -1, 404})
        CHECK(status_of_code(code) == 200);
    CHECK(status_of_stateless(make_result("1", R"({"error":{"code":-32601}})")) == 200);
}

TEST_CASE("to a stateless client 404 is an unknown method and never a lost upstream") {
    const auto failed = [](ErrorCode code, int shown_as) {
        const Error error = upstream_error(code, "x");
        return status_of_stateless(error, make_error("1", shown_as, "x"));
    };
    CHECK(failed(ErrorCode::unknown_session, -32603) == 502);
    CHECK(failed(ErrorCode::timed_out, -32603) == 504);
    CHECK(failed(ErrorCode::unavailable, -32603) == 503);
    CHECK(failed(ErrorCode::unsupported, -32601) == 404);
    CHECK(failed(ErrorCode::unsupported, -32021) == 400);
    CHECK(failed(ErrorCode::blocked, -32603) == 200);
}

TEST_CASE("every status that can appear has its phrase") {
    for (int code = 0; code <= static_cast<int>(ErrorCode::unsupported); ++code) {
        CHECK_FALSE(reason_phrase(status_of_code(static_cast<ErrorCode>(code))).empty());
    }
    CHECK(reason_phrase(431) == "Request Header Fields Too Large");
}
