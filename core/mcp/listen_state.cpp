// SPDX-License-Identifier: Apache-2.0
// What passes on a subscription's stream.
#include "core/mcp/listen_state.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <array>

namespace shadowcat::core::mcp {

namespace {

namespace json = shadowcat::sdk::json;

constexpr std::string_view kAcknowledged = "notifications/subscriptions/acknowledged";

class Kind {
public:
    std::string_view wanted;  // in the acknowledgement
    std::string_view method;
};

constexpr std::array<Kind, 3> kListChanges = {
    {{"toolsListChanged", "notifications/tools/list_changed"},
     {"promptsListChanged", "notifications/prompts/list_changed"},
     {"resourcesListChanged", "notifications/resources/list_changed"}}};

/// Progress and log lines belong to other streams, requests to none.
bool may_pass(const sdk::Message& message) {
    return message.is_notification() && message.method() != "notifications/progress" &&
           message.method() != "notifications/message" &&
           message.method() != "notifications/cancelled";
}

}  // namespace

std::vector<sdk::Message> ListenState::take(sdk::Message message) {
    std::vector<sdk::Message> pass;
    if (message.method() == kAcknowledged && acknowledged_) {
        return changes_of(json::member(message.params(), "notifications"));
    }
    if (!may_pass(message)) return pass;
    acknowledged_ = acknowledged_ || message.method() == kAcknowledged;
    if (acknowledged_) pass.push_back(std::move(message));
    return pass;
}

std::vector<sdk::Message> ListenState::changes_of(std::string_view honoured) const {
    std::vector<sdk::Message> changes;
    for (const Kind& kind : kListChanges) {
        if (json::member(honoured, kind.wanted) != "true") continue;
        changes.push_back(sdk::make_notification(kind.method, "{" + tag() + "}"));
    }
    json::for_each_element(
        json::member(honoured, "resourceSubscriptions"), [&](std::string_view uri) {
            const std::string params = "{\"uri\":" + std::string(uri) + "," + tag() + "}";
            changes.push_back(sdk::make_notification("notifications/resources/updated", params));
        });
    return changes;
}

std::string ListenState::tag() const {
    return R"("_meta":{"io.modelcontextprotocol/subscriptionId":)" + id_ + "}";
}

sdk::Message ListenState::graceful_end() const {
    return sdk::make_result(id_, R"({"resultType":"complete",)" + tag() + "}");
}

}  // namespace shadowcat::core::mcp
