// SPDX-License-Identifier: Apache-2.0
// mcp_ping: which answers count as healthy.
#include "mcp_ping.hpp"

#include "fake_target.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;

namespace {

sdk::Result<void> verdict_on_ping(std::string response) {
    pool::McpPing checker;
    pool::FakeTarget target;
    target.answer = sdk::Message::parse(std::move(response));
    return pool::check_once(checker, target);
}

}  // namespace

TEST_CASE("the upstream is asked one ping") {
    pool::McpPing checker;
    pool::FakeTarget target;
    pool::check_once(checker, target);
    REQUIRE(target.asked.size() == 1);
    const auto ping = sdk::Message::parse(target.asked[0]);
    CHECK(ping->is_request());
    CHECK(ping->method() == "ping");
}

TEST_CASE("a result is healthy") {
    CHECK(verdict_on_ping(R"({"jsonrpc":"2.0","id":1,"result":{}})").has_value());
}

TEST_CASE("a server that doesn't know ping has answered all the same") {
    CHECK(verdict_on_ping(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"?"}})")
              .has_value());
}

TEST_CASE("another error is unhealthy and named") {
    const auto verdict =
        verdict_on_ping(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"broken"}})");
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().message() == "ping was answered with error -32603");
}

TEST_CASE("an upstream that can't be asked is unhealthy for its own reason") {
    pool::McpPing checker;
    pool::FakeTarget target;
    target.answer = sdk::upstream_error(sdk::ErrorCode::unreachable, "no such command: nope");
    const auto verdict = pool::check_once(checker, target);
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code() == sdk::ErrorCode::unreachable);
    CHECK(verdict.error().message() == "no such command: nope");
}
