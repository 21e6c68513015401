// SPDX-License-Identifier: Apache-2.0
// Filters: what is read, honoured, matched and tagged.
#include "core/bridge/to_sessions/listen_filter.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

ListenFilter filter(std::string_view notifications) {
    const auto read = ListenFilter::read(R"({"notifications":)" + std::string(notifications) + "}");
    REQUIRE(read);
    return *read;
}

sdk::Message updated(std::string_view uri) {
    return sdk::make_notification("notifications/resources/updated",
                                  R"({"uri":)" + sdk::quote_json(uri) + "}");
}

}  // namespace

TEST_CASE("a filter is what was asked for") {
    CHECK(
        filter(
            R"({"toolsListChanged":true,"promptsListChanged":false,"resourceSubscriptions":["file:\/\/a","file://a","b"],"vendor":1})")
            .text() == R"({"toolsListChanged":true,"resourceSubscriptions":["file:\/\/a","b"]})");
    CHECK(filter("{}").text() == "{}");
    CHECK(filter(R"({"promptsListChanged":true,"resourcesListChanged":true})").text() ==
          R"({"promptsListChanged":true,"resourcesListChanged":true})");
}

TEST_CASE("malformed filters are refused") {
    for (const std::string_view params :
         {"{}", R"({"notifications":[]})", R"({"notifications":{"toolsListChanged":1}})",
          R"({"notifications":{"resourceSubscriptions":"a"}})",
          R"({"notifications":{"resourceSubscriptions":[1]}})"}) {
        CAPTURE(params);
        CHECK_FALSE(ListenFilter::read(params));
    }
}

TEST_CASE("only what the server offers is honoured") {
    const ListenFilter all = filter(
        R"({"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true,"resourceSubscriptions":["a"]})");
    const ServerFacts some(
        R"({"capabilities":{"tools":{"listChanged":true},"prompts":{},"resources":{"subscribe":true}}})");
    CHECK(all.offered_by(some).text() ==
          R"({"toolsListChanged":true,"resourceSubscriptions":["a"]})");
    CHECK(all.offered_by(ServerFacts("{}")).text() == "{}");
    CHECK(filter("{}").offered_by(some).text() == "{}");
}

TEST_CASE("a notification reaches those who asked for it") {
    const ListenFilter tools = filter(R"({"toolsListChanged":true})");
    CHECK(tools.wants(sdk::make_notification("notifications/tools/list_changed")));
    CHECK_FALSE(tools.wants(sdk::make_notification("notifications/prompts/list_changed")));
    CHECK_FALSE(tools.wants(sdk::make_notification("notifications/message")));
    CHECK_FALSE(tools.wants(updated("a")));
    const ListenFilter one = filter(R"({"resourceSubscriptions":["file:///a/b"]})");
    CHECK(one.wants(updated("file:///a/b")));
    CHECK(one.wants(updated("file:///a/b/c")));
    CHECK(one.wants(updated("file:///a/b#x")));
    CHECK_FALSE(one.wants(updated("file:///a/bc")));
    CHECK_FALSE(one.wants(updated("file:///a")));
    CHECK_FALSE(one.wants(sdk::make_notification("notifications/resources/list_changed")));
}

TEST_CASE("every message names its listen, with the type of its id") {
    CHECK(
        acknowledgement("0", filter(R"({"toolsListChanged":true})")).bytes() ==
        R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":0},"notifications":{"toolsListChanged":true}}})");
    CHECK(
        tagged(sdk::make_notification("notifications/tools/list_changed"), "\"0\"").bytes() ==
        R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"0"}}})");
    CHECK(
        tagged(sdk::make_notification("notifications/resources/updated",
                                      R"({"uri":"a","_meta":{"n":1.0}})"),
               "7")
            .bytes() ==
        R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a","_meta":{"n":1.0,"io.modelcontextprotocol/subscriptionId":7}}})");
}
