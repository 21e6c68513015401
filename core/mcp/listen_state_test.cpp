// SPDX-License-Identifier: Apache-2.0
#include "core/mcp/listen_state.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace sdk = shadowcat::sdk;
using shadowcat::core::mcp::ListenState;

namespace {

using Lines = std::vector<std::string>;

class Subscription {
public:
    Lines hear(std::string_view text) {
        Lines lines;
        for (const sdk::Message& each : state.take(sdk::Message::parse(std::string(text)).value()))
            lines.push_back(each.bytes());
        return lines;
    }

    ListenState state = ListenState("\"l1\"");
};

const std::string kTag = R"("_meta":{"io.modelcontextprotocol/subscriptionId":"l1"})";
const std::string kAck =
    R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true,"promptsListChanged":false,"resourceSubscriptions":["a:\u00e9"]},)" +
    kTag + "}}";
const std::string kChanged =
    R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{)" + kTag + "}}";

}  // namespace

TEST_CASE("the acknowledgement comes first, changes follow, nothing else passes") {
    Subscription subscription;
    CHECK(subscription.hear(kChanged).empty());
    CHECK_FALSE(subscription.state.acknowledged());
    CHECK(subscription.hear(kAck) == Lines{kAck});
    CHECK(subscription.hear(kChanged) == Lines{kChanged});
    CHECK(subscription.hear(R"({"jsonrpc":"2.0","method":"notifications/message"})").empty());
    CHECK(subscription.hear(R"({"jsonrpc":"2.0","method":"notifications/progress"})").empty());
    CHECK(subscription.hear(R"({"jsonrpc":"2.0","id":1,"method":"roots/list"})").empty());
}

TEST_CASE("after another stream has begun the client hears what it may have missed") {
    Subscription subscription;
    subscription.hear(kAck);
    CHECK(
        subscription.hear(kAck) ==
        Lines{
            kChanged,
            R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:\u00e9",)" +
                kTag + "}}"});
}

TEST_CASE("a subscription that ends by itself ends with a result of its own") {
    CHECK(Subscription().state.graceful_end().bytes() ==
          R"({"jsonrpc":"2.0","id":"l1","result":{"resultType":"complete",)" + kTag + "}}");
}
