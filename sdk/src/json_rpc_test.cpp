// SPDX-License-Identifier: Apache-2.0
// The messages a proxy says itself.
#include "shadowcat/sdk/json_rpc.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::sdk;

TEST_CASE("requests, notifications, results") {
    CHECK(make_request("\"a\"", "ping").bytes() == R"({"jsonrpc":"2.0","id":"a","method":"ping"})");
    CHECK(make_notification("x", R"({"a":1})").bytes() ==
          R"({"jsonrpc":"2.0","method":"x","params":{"a":1}})");
    CHECK(make_result("7", "{}").bytes() == R"({"jsonrpc":"2.0","id":7,"result":{}})");
}

TEST_CASE("errors name the gateway, the reason and the side") {
    const Error error = upstream_error(ErrorCode::timed_out, "upstream \"a\" gave no answer");
    CHECK(
        make_error("7", error).bytes() ==
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32603,"message":"upstream \"a\" gave no answer","data":{"gateway":"shadowcat","reason":"timed_out","source":"upstream"}}})");
}

TEST_CASE("an error about an unreadable request has no id") {
    CHECK(make_error({}, json_rpc::kParseError, "bad").bytes() ==
          R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"bad"}})");
}

TEST_CASE("text that is not UTF-8 is repaired, never thrown over") {
    CHECK(make_error({}, 1, "a\xff").bytes() ==
          "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":\"a\xef\xbf\xbd\"}}");
}

TEST_CASE("a server's answer that is too large is not the client's invalid request") {
    const Error of_client(ErrorCode::too_large, "too large", ErrorSource::downstream);
    const Error of_server(ErrorCode::too_large, "too large", ErrorSource::upstream);
    CHECK(json_rpc_code(of_client) == json_rpc::kInvalidRequest);
    CHECK(json_rpc_code(of_server) == json_rpc::kInternalError);
}
