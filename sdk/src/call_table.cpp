// SPDX-License-Identifier: Apache-2.0
// Minting, finding and restoring ids.
#include "call_table.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "envelope_reader.hpp"

#include <charconv>

namespace shadowcat::sdk::inline v1 {

namespace {

constexpr std::string_view kSubscriptionId = "io.modelcontextprotocol/subscriptionId";

/// `result` (JSON text) of a listen, naming the client's id whatever it named before.
std::string with_subscription(std::string_view result, std::string_view id) {
    const std::string meta = json::with_member(json::member(result, "_meta"), kSubscriptionId, id);
    return json::with_member(result, "_meta", meta);
}

void name_subscription(Message& result, std::string_view id) {
    const std::string inner = with_subscription(json::member(result.bytes(), "result"), id);
    std::string whole = json::with_member(result.bytes(), "result", inner);
    const ParseLimits any(whole.size(), EnvelopeReader::kDeepest);
    Result<Message> named = Message::parse(std::move(whole), any);
    if (named.has_value()) result = *std::move(named);
}

Message graceful_end(std::string_view id) {
    return make_result(id, with_subscription(R"({"resultType":"complete"})", id));
}

}  // namespace

PendingCall::PendingCall(CallTable& table, Message& request)
    : table_(&table), client_id_(request.id()), client_token_(request.progress_token()) {
    initialize_ = request.method() == "initialize";
    stateless_ = request.is_stateless();
    listens_ = request.method() == "subscriptions/listen";
    wants_log_ = !listens_ && !request.log_level().empty();
    table.insert(*this);
    if (!rewritten_) return;
    request.set_id(server_id_);
    request.set_progress_token(server_id_);
}

PendingCall::~PendingCall() { table_->erase(*this); }

void PendingCall::restore(Message& message) const {
    if (!rewritten_) return;
    if (message.is_response()) message.set_id(client_id_);
    if (listens_) return restore_of_listen(message);
    if (message.method() == "notifications/progress") message.set_progress_token(client_token_);
}

void PendingCall::restore_of_listen(Message& message) const {
    if (message.kind() == MessageKind::result) return name_subscription(message, client_id_);
    if (message.method() != "notifications/cancelled") {
        return message.set_subscription_id(client_id_);
    }
    if (table_->policy_ == IdPolicy::preserve) return message.set_cancelled_id(client_id_);
    message = graceful_end(client_id_);
}

CallTable::CallTable(IdPolicy policy, std::size_t capacity)
    : policy_(policy), capacity_(capacity) {}

bool CallTable::preserves(std::string_view id) const {
    return policy_ == IdPolicy::preserve && !preserved_.contains(std::string(id));
}

void CallTable::insert(PendingCall& call) {
    ++size_;
    link(call);
    if (preserves(call.client_id_)) {
        call.server_id_ = call.client_id_;
        preserved_.emplace(call.server_id_, &call);
        return;
    }
    if (free_.empty()) {
        free_.push_back(slots_.size());
        slots_.push_back(nullptr);
    }
    call.slot_ = free_.back();
    free_.pop_back();
    slots_[call.slot_] = &call;
    call.rewritten_ = true;
    call.server_id_ = std::to_string(++generation_ * capacity_ + call.slot_);
    if (policy_ == IdPolicy::preserve) {  // a string, so that it can't meet a client's number
        call.server_id_ = "\"shadowcat-" + call.server_id_ + "\"";
        preserved_.emplace(call.server_id_, &call);
    }
}

void CallTable::erase(PendingCall& call) {
    --size_;
    unlink(call);
    if (policy_ == IdPolicy::preserve) preserved_.erase(call.server_id_);
    if (!call.rewritten_) return;
    slots_[call.slot_] = nullptr;
    free_.push_back(call.slot_);
}

PendingCall* CallTable::find(std::string_view id) const {
    if (policy_ == IdPolicy::preserve) {
        const auto found = preserved_.find(std::string(id));
        return found == preserved_.end() ? nullptr : found->second;
    }
    std::uint64_t number = 0;
    const auto [stop, failed] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (failed != std::errc() || stop != id.data() + id.size()) return nullptr;
    const std::size_t slot = number % capacity_;
    PendingCall* call = slot < slots_.size() ? slots_[slot] : nullptr;
    return call && call->server_id_ == id ? call : nullptr;
}

PendingCall* CallTable::find_by_token(std::string_view token) const {
    if (policy_ == IdPolicy::rewrite) {
        PendingCall* call = find(token);
        return call && !call->client_token_.empty() ? call : nullptr;
    }
    for (PendingCall* call = newest_; call; call = call->older_) {
        const std::string& known = call->rewritten_ ? call->server_id_ : call->client_token_;
        if (!call->client_token_.empty() && known == token) return call;
    }
    return nullptr;
}

PendingCall* CallTable::find_listen(std::string_view id) const {
    if (id.empty()) return nullptr;
    PendingCall* call = find(id);
    return call && call->listens_ ? call : nullptr;
}

PendingCall* CallTable::only_one_with_log() const {
    PendingCall* found = nullptr;
    for (PendingCall* call = newest_; call; call = call->older_) {
        if (!call->wants_log_) continue;
        if (found) return nullptr;
        found = call;
    }
    return found;
}

void CallTable::link(PendingCall& call) {
    call.linked_ = true;
    call.older_ = newest_;
    if (newest_) newest_->newer_ = &call;
    newest_ = &call;
}

void CallTable::unlink(PendingCall& call) {
    if (!call.linked_) return;
    call.linked_ = false;
    if (call.older_) call.older_->newer_ = call.newer_;
    if (call.newer_) call.newer_->older_ = call.older_;
    if (newest_ == &call) newest_ = call.older_;
    call.older_ = call.newer_ = nullptr;
}

bool CallTable::holds(const PendingCall* call) const {
    const PendingCall* each = newest_;
    while (each && each != call)
        each = each->older_;
    return each != nullptr;
}

PendingCall* CallTable::detach_newest() {
    PendingCall* call = newest_;
    if (call) unlink(*call);
    return call;
}

}  // namespace shadowcat::sdk::inline v1
