// SPDX-License-Identifier: Apache-2.0
// server_discover: what is asked, and which answers count as healthy.
#include "server_discover.hpp"

#include "fake_target.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace shadowcat;

namespace {

sdk::Result<void> verdict_on_discovery(std::string response) {
    pool::ServerDiscover checker;
    pool::FakeTarget target;
    target.answer = sdk::Message::parse(std::move(response));
    return pool::check_once(checker, target);
}

sdk::Result<void> verdict_on_error(int code) {
    return verdict_on_discovery(R"({"jsonrpc":"2.0","id":1,"error":{"message":"?","code":)" +
                                std::to_string(code) + "}}");
}

}  // namespace

TEST_CASE("the upstream is asked one server/discover, as 2026-07-28 wants requests") {
    pool::ServerDiscover checker;
    pool::FakeTarget target;
    pool::check_once(checker, target);
    REQUIRE(target.asked.size() == 1);
    const auto request = sdk::Message::parse(target.asked[0]);
    CHECK(request->is_request());
    CHECK(request->method() == "server/discover");
    CHECK(request->meta_version() == "2026-07-28");
    const auto meta = sdk::Json::parse(target.asked[0])["params"]["_meta"];
    CHECK(meta["io.modelcontextprotocol/clientCapabilities"] == sdk::Json::object());
}

TEST_CASE("a result is healthy") {
    CHECK(verdict_on_discovery(
              R"({"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28"]}})")
              .has_value());
}

TEST_CASE("a server of another era has answered all the same") {
    CHECK(verdict_on_error(-32601).has_value());
    CHECK(verdict_on_error(-32022).has_value());
    CHECK(verdict_on_error(-32020).has_value());
}

TEST_CASE("another error is unhealthy and named, without the server's words") {
    for (const int code : {-32603, -32000, -32021, 1}) {
        const auto verdict = verdict_on_error(code);
        REQUIRE(verdict.has_error());
        CHECK(verdict.error().message() ==
              "server/discover was answered with error " + std::to_string(code));
    }
}

TEST_CASE("a server that can't be asked is unhealthy for its own reason") {
    pool::ServerDiscover checker;
    pool::FakeTarget target;
    target.answer = sdk::upstream_error(sdk::ErrorCode::timed_out, "no answer within 5 s");
    const auto verdict = pool::check_once(checker, target);
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code() == sdk::ErrorCode::timed_out);
}
