// SPDX-License-Identifier: Apache-2.0
// The rules of both eras.
#include "attribution.hpp"

namespace shadowcat::sdk::inline v1 {

namespace {

constexpr const char* kLate = "it is late, or names no call";

/// What a call causes (requests for input, log lines) belongs in front of its response.
bool belongs_to_a_call(const Message& message) {
    return message.is_request() || message.method() == "notifications/message" ||
           message.method() == "notifications/cancelled";
}

/// The id of the listen that a notification belongs to, or ends.
std::string_view listen_of(const Message& message) {
    if (message.is_notification() && message.method() == "notifications/cancelled") {
        return message.cancelled_id();
    }
    return message.is_notification() ? message.subscription_id() : std::string_view();
}

}  // namespace

void Attribution::answered(const PendingCall& call, const Message& response) {
    if (!call.is_initialize() || response.kind() != MessageKind::result) return;
    has_sessions_ = true;
    stateless_ = false;
}

Addressee Attribution::of(const Message& message) const {
    if (message.is_response()) return of_response(message);
    if (message.method() == "notifications/progress") return of_progress(message);
    if (PendingCall* listen = calls_.find_listen(listen_of(message))) {
        return Addressee::of(listen, nullptr);
    }
    return stateless_ ? in_stateless_era(message) : in_session_era(message);
}

Addressee Attribution::of_response(const Message& response) const {
    const bool only_one = response.id().empty() && calls_.size() == 1;
    PendingCall* call = only_one ? calls_.newest() : calls_.find(response.id());
    if (!call && transparent()) return Addressee::owner();
    return Addressee::of(call, kLate);
}

Addressee Attribution::of_progress(const Message& progress) const {
    PendingCall* call = calls_.find_by_token(progress.progress_token());
    if (transparent()) return call ? Addressee::of(call, nullptr) : Addressee::owner();
    if (call && call->listens()) return Addressee::nobody("a subscription has no progress");
    return Addressee::of(call, kLate);
}

/// Log messages name no request, so that with several that asked for them nobody gets one.
Addressee Attribution::in_stateless_era(const Message& message) const {
    if (message.method() == "notifications/message") {
        PendingCall* call = calls_.only_one_with_log();
        if (call || !transparent()) {
            return Addressee::of(call, "not exactly one call in flight asked for log messages");
        }
    }
    if (transparent()) return in_session_era(message);
    if (message.is_request()) return Addressee::nobody("servers without sessions ask nothing");
    return listen_of(message).empty() ? Addressee::owner() : Addressee::nobody(kLate);
}

Addressee Attribution::in_session_era(const Message& message) const {
    const bool of_a_call = exclusive_ && calls_.newest() && belongs_to_a_call(message);
    return of_a_call ? Addressee::of(calls_.newest(), nullptr) : Addressee::owner();
}

}  // namespace shadowcat::sdk::inline v1
