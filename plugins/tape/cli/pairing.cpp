// SPDX-License-Identifier: Apache-2.0
// Pairs by id.
#include "cli/pairing.hpp"

namespace shadowcat::tape {

namespace {

using sdk::Direction;
using sdk::MessageKind;

std::string pairing_key(Direction of_request, std::uint64_t exchange, const std::string& id) {
    const bool client = of_request == Direction::client_to_server;
    return (client ? "c" + std::to_string(exchange) : std::string("s")) + ":" + id;
}

Direction opposite(Direction direction) {
    return direction == Direction::client_to_server ? Direction::server_to_client
                                                    : Direction::client_to_server;
}

}  // namespace

Pairing::Step Pairing::follow(const TapeLine& frame) {
    if (frame.message_kind == MessageKind::notification) return {};
    return frame.message_kind == MessageKind::request ? request(frame) : response(frame);
}

Pairing::Step Pairing::request(const TapeLine& frame) {
    Step step;
    if (frame.id.empty()) return step;
    const std::string key = pairing_key(frame.direction, frame.exchange, frame.id);
    const auto [place, fresh] = calls_.try_emplace(key, frame);
    if (!fresh) {
        step.reused = std::move(place->second);
        place->second = PendingCall(frame);
    }
    order_.emplace_back(key, frame.seq);
    while (calls_.size() > kMaxPending || order_.size() > 2 * kMaxPending)
        forget_oldest();
    return step;
}

Pairing::Step Pairing::response(const TapeLine& frame) {
    Step step;
    if (frame.id.empty() || frame.id == "null") return step;
    const Direction asked = opposite(frame.direction);
    auto found = calls_.find(pairing_key(asked, frame.exchange, frame.id));
    if (found == calls_.end()) found = calls_.find(pairing_key(asked, 0, frame.id));
    step.unexpected = found == calls_.end();
    if (step.unexpected) return step;
    step.answered = std::move(found->second);
    calls_.erase(found);
    return step;
}

void Pairing::forget_oldest() {
    const auto [key, seq] = std::move(order_.front());
    order_.pop_front();
    const auto found = calls_.find(key);
    if (found == calls_.end() || found->second.seq != seq) return;
    if (calls_.size() <= kMaxPending) {
        order_.emplace_back(key, seq);
        return;
    }
    calls_.erase(found);
    ++forgotten_;
}

}  // namespace shadowcat::tape
