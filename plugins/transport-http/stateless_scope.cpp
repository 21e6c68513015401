// SPDX-License-Identifier: Apache-2.0
// The notifications of MCP 2026-07-28, and whom they concern.
#include "stateless_scope.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::http {

namespace {

constexpr std::array<std::string_view, 8> kLevels = {"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

constexpr std::array<std::string_view, 5> kOfSubscriptions = {
    "notifications/subscriptions/acknowledged", "notifications/tools/list_changed",
    "notifications/prompts/list_changed", "notifications/resources/list_changed",
    "notifications/resources/updated"};

/// Its place in `names`; their number when it isn't there.
template <class Names>
std::size_t place(const Names& names, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

}  // namespace

StatelessScope::StatelessScope(const Message& request)
    : least_level_(place(kLevels, request.log_level())),
      is_listen_(request.method() == "subscriptions/listen") {}

bool StatelessScope::admits(const Message& message, const CallNames& names) const {
    if (!message.is_notification()) return false;
    const std::string_view method = message.method();
    const std::string_view subscription = message.subscription_id();
    if (method == "notifications/progress") {
        return !is_listen_ && !names.token().empty() && message.progress_token() == names.token();
    }
    if (method == "notifications/message") return !is_listen_ && admits_log(message);
    if (is_listen_) return subscription.empty() || subscription == names.id();
    return subscription.empty() && place(kOfSubscriptions, method) == kOfSubscriptions.size();
}

/// A level that nobody knows is the server's own invention, and as good as any.
bool StatelessScope::admits_log(const Message& message) const {
    if (least_level_ == kLevels.size()) return false;
    const std::string level = json::unquote(json::member(message.params(), "level"));
    return place(kLevels, level) >= least_level_;
}

}  // namespace shadowcat::http
