// SPDX-License-Identifier: Apache-2.0
// Builds comparable exchanges.
#include "cli/tape_exchange.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "cli/frame_text.hpp"
#include "format/json_difference.hpp"
#include "format/safe_text.hpp"
#include "format/volatile_text.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

using sdk::Direction;
using sdk::Json;
using sdk::MessageKind;

// What only means something in its own run.
constexpr const char* kTokens[] = {"progressToken",
                                   "requestId",
                                   "taskId",
                                   "requestState",
                                   "sessionId",
                                   "traceparent",
                                   "io.modelcontextprotocol/subscriptionId",
                                   "io.modelcontextprotocol/related-task"};

void erase_tokens(Json& object) {
    if (!object.is_object()) return;
    for (const char* token : kTokens)
        object.erase(token);
    const auto meta = object.find("_meta");
    if (meta == object.end() || !meta->is_object()) return;
    for (const char* token : kTokens)
        meta->erase(token);
    if (meta->empty()) object.erase(meta);
}

/// A member of a message as a value; null when there is none.
Json member_value(const std::string& message, const char* key) {
    const std::string_view text = sdk::json::member(message, key);
    if (text.empty()) return nullptr;
    auto value = parse_for_display(text);
    if (!value) return "(too deep to compare)";
    erase_tokens(*value);
    return *std::move(value);
}

bool is_message(const TapeLine& frame) { return sdk::Message::parse(frame.message).has_value(); }

/// What a server said on its own while a call was going on.
Json said_during(const TapeLine& frame) {
    if (!is_message(frame)) return Json{{"damaged", safe_text(frame.message, 1000)}};
    return Json{{"method", frame.method}, {"params", comparable_params(frame.message)}};
}

TapeExchange exchange_of(const TapeLine& frame) {
    TapeExchange out;
    out.label = label_of(frame.method, frame.name);
    out.seq = frame.seq;
    const Json params = is_message(frame) ? comparable_params(frame.message) : Json();
    out.key = key_of(out.label, params);
    out.document = Json::object();
    if (!params.is_null()) out.document["params"] = params;
    out.bytes = frame.message.size();
    return out;
}

}  // namespace

Json comparable_params(const std::string& message) { return member_value(message, "params"); }

std::string key_of(const std::string& label, const Json& params) {
    Json without_meta = params;
    if (without_meta.is_object()) without_meta.erase("_meta");
    if (without_meta.empty()) return label;
    return label + ' ' +
           blank_times(without_meta.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void ExchangeQueue::add(const TapeLine& frame) {
    if (frame.kind != TapeLine::Kind::frame) return;
    const Pairing::Step step = pairing_.follow(frame);
    if (step.answered) return add_answer(frame, *step.answered);
    if (frame.direction == Direction::server_to_client) return add_server_message(frame);
    const bool answers =
        frame.message_kind == MessageKind::result || frame.message_kind == MessageKind::error;
    if (!answers) add_request(frame);
}

void ExchangeQueue::add_request(const TapeLine& frame) {
    calls_.push_back(exchange_of(frame));
    TapeExchange& added = calls_.back();
    added.complete = frame.message_kind == MessageKind::notification;
    bytes_ += added.bytes;
    if (frame_of_exchange_.size() > Pairing::kMaxPending) frame_of_exchange_.clear();
    if (frame.exchange != 0 && !added.complete) frame_of_exchange_[frame.exchange] = frame.seq;
}

void ExchangeQueue::add_answer(const TapeLine& frame, const PendingCall& call) {
    // A client's answer to its server belongs to what the server asked.
    if (frame.direction == Direction::client_to_server) return;
    if (frame.exchange != 0) frame_of_exchange_.erase(frame.exchange);
    TapeExchange* const exchange = find(call.seq);
    if (exchange == nullptr) return;
    const char* const member = frame.message_kind == MessageKind::error ? "error" : "result";
    exchange->document[member] = is_message(frame) ? member_value(frame.message, member)
                                                   : Json(safe_text(frame.message, 1000));
    exchange->complete = true;
    exchange->bytes += frame.message.size();
    bytes_ += frame.message.size();
}

void ExchangeQueue::add_server_message(const TapeLine& frame) {
    const auto caller = frame_of_exchange_.find(frame.exchange);
    TapeExchange* const call = caller == frame_of_exchange_.end() ? nullptr : find(caller->second);
    if (call == nullptr) {
        server_.push_back(exchange_of(frame));
        if (server_.size() > 2 * kMaxWaiting) server_.pop_front();
        return;
    }
    call->document["during"].push_back(said_during(frame));
    call->bytes += frame.message.size();
    bytes_ += frame.message.size();
}

TapeExchange* ExchangeQueue::find(std::uint64_t seq) {
    const auto place = std::ranges::lower_bound(calls_, seq, {}, &TapeExchange::seq);
    return place == calls_.end() || place->seq != seq ? nullptr : &*place;
}

std::optional<TapeExchange> ExchangeQueue::next() {
    if (calls_.empty()) return std::nullopt;
    const bool waited_enough = calls_.size() > kMaxWaiting || bytes_ > kMaxBytes;
    if (!calls_.front().complete && !waited_enough && !finished_) return std::nullopt;
    TapeExchange out = std::move(calls_.front());
    calls_.pop_front();
    bytes_ -= std::min(bytes_, out.bytes);
    return out;
}

std::optional<TapeExchange> ExchangeQueue::next_of_server() {
    if (server_.empty()) return std::nullopt;
    TapeExchange out = std::move(server_.front());
    server_.pop_front();
    return out;
}

}  // namespace shadowcat::tape
