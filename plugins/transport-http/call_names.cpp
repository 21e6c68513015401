// SPDX-License-Identifier: Apache-2.0
// Splicing ids and tokens.
#include "call_names.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <utility>

namespace shadowcat::http {

void CallNames::rename(Message& request, const std::string& id) {
    client_id_ = std::exchange(id_, id);
    request.set_id(id_);
    if (token_.empty()) return;
    client_token_ = std::exchange(token_, id);
    request.set_progress_token(token_);
}

void CallNames::renew(Message& request, const std::string& id) {
    if (client_id_.empty()) client_id_ = id_;
    id_ = id;
    request.set_id(id_);
    if (client_token_.empty()) return;
    token_ = id;
    request.set_progress_token(token_);
}

void CallNames::restore(Message& message) const {
    if (client_id_.empty()) return;
    if (message.is_response()) {
        if (is_listen_) restore_subscription(message);
        return message.set_id(client_id_);
    }
    if (message.subscription_id() == id_) message.set_subscription_id(client_id_);
    const bool ours =
        message.method() == "notifications/progress" && message.progress_token() == token_;
    if (ours && !client_token_.empty()) message.set_progress_token(client_token_);
}

/// A subscription that ends says in its result which one it was.
void CallNames::restore_subscription(Message& result) const {
    const std::string& bytes = result.bytes();
    const std::string_view token =
        json::at(bytes, {"result", "_meta", "io.modelcontextprotocol/subscriptionId"});
    if (token != id_) return;
    std::string text = bytes;
    text.replace(static_cast<std::size_t>(token.data() - bytes.data()), token.size(), client_id_);
    const ParseLimits same(text.size(), 1024);
    Result<Message> made = Message::parse(std::move(text), same);
    if (made.has_value()) result = *std::move(made);
}

}  // namespace shadowcat::http
