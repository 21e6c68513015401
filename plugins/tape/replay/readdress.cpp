// SPDX-License-Identifier: Apache-2.0
// Splicing ids and tokens.
#include "replay/readdress.hpp"

#include "shadowcat/sdk/json_edit.hpp"

namespace shadowcat::tape {

namespace json = sdk::json;

namespace {

constexpr std::string_view kSubscriptionKey = "io.modelcontextprotocol/subscriptionId";

/// The end of a listen names it in its result, too.
void name_listen(sdk::Message& response, const std::string& id) {
    const std::string_view result = json::member(response.bytes(), "result");
    if (json::at(result, {"_meta", kSubscriptionKey}).empty()) return;
    const std::string meta = json::with_member(json::member(result, "_meta"), kSubscriptionKey, id);
    const std::string named = json::with_member(result, "_meta", meta);
    std::string whole = json::with_member(response.bytes(), "result", named);
    const sdk::ParseLimits any(whole.size() + 1, 1024);
    sdk::Result<sdk::Message> parsed = sdk::Message::parse(std::move(whole), any);
    if (parsed.has_value()) response = *std::move(parsed);
}

}  // namespace

bool readdress(sdk::Message& message, const CallIds& call) {
    if (message.is_response()) {
        message.set_id(call.id);
        if (call.listens) name_listen(message, call.id);
        return true;
    }
    if (message.method() == "notifications/progress") {
        message.set_progress_token(call.token);
        return !call.token.empty();
    }
    if (!call.listens) return true;
    message.set_subscription_id(call.id);
    if (message.method() == "notifications/cancelled") message.set_cancelled_id(call.id);
    return true;
}

std::string QuestionIds::renew(sdk::Message& question) {
    std::string id = "\"replay-" + std::to_string(++last_) + "\"";
    now_[std::string(question.id())] = id;
    question.set_id(id);
    return id;
}

void QuestionIds::follow(sdk::Message& cancelled) const {
    if (cancelled.method() != "notifications/cancelled") return;
    const auto found = now_.find(std::string(cancelled.cancelled_id()));
    if (found != now_.end()) cancelled.set_cancelled_id(found->second);
}

}  // namespace shadowcat::tape
