// SPDX-License-Identifier: Apache-2.0
// Reading, matching and tagging.
#include "core/bridge/to_sessions/listen_filter.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/bridge/to_sessions/stateless_messages.hpp"

#include <algorithm>
#include <unordered_set>

namespace shadowcat::core {

namespace {

namespace json = shadowcat::sdk::json;

constexpr std::string_view kSubscription = "io.modelcontextprotocol/subscriptionId";
constexpr std::string_view kToolsChanged = "notifications/tools/list_changed";
constexpr std::string_view kPromptsChanged = "notifications/prompts/list_changed";
constexpr std::string_view kResourcesChanged = "notifications/resources/list_changed";
constexpr std::string_view kResourceUpdated = "notifications/resources/updated";

std::optional<bool> flag(std::string_view filter, std::string_view key) {
    const std::string_view value = json::member(filter, key);
    if (value.empty() || value == "false") return false;
    if (value == "true") return true;
    return std::nullopt;
}

/// Servers may say that part of a resource has changed.
bool is_part_of(std::string_view uri, std::string_view whole) {
    if (!uri.starts_with(whole) || whole.empty()) return false;
    const std::string_view rest = uri.substr(whole.size());
    return rest.empty() || whole.back() == '/' || rest.front() == '/' || rest.front() == '#' ||
           rest.front() == '?';
}

}  // namespace

ListenFilter::Resource::Resource(std::string_view as_written)
    : token(as_written), uri(json::unquote(as_written)) {}

std::optional<ListenFilter> ListenFilter::read(std::string_view params) {
    const std::string_view asked = json::member(params, "notifications");
    const std::string_view uris = json::member(asked, "resourceSubscriptions");
    const std::optional<bool> tools = flag(asked, "toolsListChanged");
    const std::optional<bool> prompts = flag(asked, "promptsListChanged");
    const std::optional<bool> resources = flag(asked, "resourcesListChanged");
    const bool readable = json::is_object(asked) && tools && prompts && resources &&
                          (uris.empty() || json::is_array(uris));
    if (!readable) return std::nullopt;
    ListenFilter filter;
    filter.tools = *tools;
    filter.prompts = *prompts;
    filter.resources = *resources;
    bool strings = true;
    std::unordered_set<std::string> known;
    json::for_each_element(uris, [&](std::string_view token) {
        strings &= json::is_string(token);
        Resource one(token);
        if (known.insert(one.uri).second) filter.subscriptions.push_back(std::move(one));
    });
    if (!strings) return std::nullopt;
    return filter;
}

ListenFilter ListenFilter::offered_by(const ServerFacts& server) const {
    ListenFilter offered;
    offered.tools = tools && server.tools_change;
    offered.prompts = prompts && server.prompts_change;
    offered.resources = resources && server.resources_change;
    if (server.subscribes) offered.subscriptions = subscriptions;
    return offered;
}

bool ListenFilter::wants(const sdk::Message& notification) const {
    const std::string_view method = notification.method();
    if (method == kToolsChanged) return tools;
    if (method == kPromptsChanged) return prompts;
    if (method == kResourcesChanged) return resources;
    if (method != kResourceUpdated) return false;
    const std::string uri = json::unquote(json::member(notification.params(), "uri"));
    return std::ranges::any_of(subscriptions,
                               [&](const Resource& each) { return is_part_of(uri, each.uri); });
}

std::string ListenFilter::text() const {
    std::string text = "{";
    const auto add = [&](std::string_view member) {
        if (text.size() > 1) text += ',';
        text += member;
    };
    if (tools) add(R"("toolsListChanged":true)");
    if (prompts) add(R"("promptsListChanged":true)");
    if (resources) add(R"("resourcesListChanged":true)");
    if (subscriptions.empty()) return text += '}';
    add(R"("resourceSubscriptions":[)");
    for (const Resource& each : subscriptions) {
        if (text.back() != '[') text += ',';
        text += each.token;
    }
    return text += "]}";
}

bool is_for_listeners(std::string_view method) noexcept {
    return method == kToolsChanged || method == kPromptsChanged || method == kResourcesChanged ||
           method == kResourceUpdated;
}

sdk::Message acknowledgement(std::string_view id, const ListenFilter& honoured) {
    std::string params = R"({"_meta":)" + json::with_member("{}", kSubscription, id);
    params.append(",\"notifications\":").append(honoured.text()) += '}';
    return sdk::make_notification("notifications/subscriptions/acknowledged", params);
}

sdk::Message tagged(const sdk::Message& notification, std::string_view id) {
    const std::string meta = json::with_member(notification.meta(), kSubscription, id);
    const std::string params = json::with_member(notification.params(), "_meta", meta);
    return as_message(json::with_member(notification.bytes(), "params", params));
}

}  // namespace shadowcat::core
