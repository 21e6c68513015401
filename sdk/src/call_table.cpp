// SPDX-License-Identifier: Apache-2.0
// Minting, finding and restoring ids.
#include "call_table.hpp"

#include <charconv>

namespace shadowcat::sdk::inline v1 {

PendingCall::PendingCall(CallTable& table, Message& request)
    : table_(&table), client_id_(request.id()), client_token_(request.progress_token()) {
    initialize_ = request.method() == "initialize";
    table.insert(*this);
    if (!rewritten_) return;
    request.set_id(server_id_);
    request.set_progress_token(server_id_);
}

PendingCall::~PendingCall() { table_->erase(*this); }

void PendingCall::restore(Message& message) const {
    if (message.is_response()) {
        message.set_id(client_id_);
    } else if (rewritten_ && message.method() == "notifications/progress") {
        message.set_progress_token(client_token_);
    }
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
