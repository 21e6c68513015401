// SPDX-License-Identifier: Apache-2.0
// What is remembered of a session.
#include "core/session/session_memory.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include <algorithm>
#include <numeric>

namespace shadowcat::core {

void SessionMemory::initialize_answered(std::string_view request) {
    forgotten_ |= request.size() > kMaxInitializeBytes;
    if (request.size() <= kMaxInitializeBytes) initialize_ = request;
}

void SessionMemory::answered(const mcp::Method& method, std::string_view subject, bool success,
                             bool read_only_tool) {
    switch (method.leaves) {
        case mcp::Leaves::nothing:
            return;
        case mcp::Leaves::by_annotation:
            left_state_ |= !read_only_tool;
            return;
        case mcp::Leaves::something:
            left_state_ = true;
            return;
        case mcp::Leaves::remembered:
            break;
    }
    if (!success) return;
    if (method.when_shared == mcp::WhenShared::subscribe) {
        subscribe(subject);
    } else if (method.when_shared == mcp::WhenShared::unsubscribe) {
        unsubscribe(subject);
    } else {
        level_ = subject;
    }
}

bool SessionMemory::subscribe(std::string_view uri) {
    if (subscribed_to(uri)) return true;
    const std::size_t bytes =
        std::accumulate(subscriptions_.begin(), subscriptions_.end(), uri.size(),
                        [](std::size_t sum, const std::string& each) { return sum + each.size(); });
    if (subscriptions_.size() >= kMaxSubscriptions || bytes > kMaxSubscriptionBytes) {
        forgotten_ = true;
        return false;
    }
    subscriptions_.emplace_back(uri);
    return true;
}

void SessionMemory::unsubscribe(std::string_view uri) { std::erase(subscriptions_, uri); }

bool SessionMemory::subscribed_to(std::string_view uri) const noexcept {
    return std::ranges::find(subscriptions_, uri) != subscriptions_.end();
}

bool SessionMemory::repairable(Repair policy) const noexcept {
    if (forgotten_) return false;
    if (nothing_to_lose() || policy == Repair::always) return true;
    return policy == Repair::when_safe && !left_state_;
}

std::vector<sdk::Message> SessionMemory::requests_to_repeat() const {
    std::vector<sdk::Message> requests;
    if (!level_.empty()) {
        requests.push_back(sdk::make_request("\"shadowcat-level\"", "logging/setLevel",
                                             "{\"level\":" + sdk::quote_json(level_) + "}"));
    }
    for (const std::string& uri : subscriptions_) {
        requests.push_back(sdk::make_request("\"shadowcat-subscribe\"", "resources/subscribe",
                                             "{\"uri\":" + sdk::quote_json(uri) + "}"));
    }
    return requests;
}

}  // namespace shadowcat::core
