// SPDX-License-Identifier: Apache-2.0
// Adds up.
#include "cli/call_statistics.hpp"

#include "cli/event_text.hpp"
#include "cli/frame_text.hpp"
#include "cli/message_excerpt.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

constexpr const char* kOtherCalls = "(others)";

}  // namespace

void CallStatistics::add(const TapeLine& line) {
    if (!began_) first_ms_ = line.ts_ms;
    began_ = true;
    last_ms_ = std::max(last_ms_, line.ts_ms);
    if (line.kind == TapeLine::Kind::frame) add_frame(line);
    if (line.kind == TapeLine::Kind::event) ++events_;
    if (line.kind == TapeLine::Kind::gap) dropped_ += number_member(line.fields, "dropped");
}

void CallStatistics::add_frame(const TapeLine& frame) {
    DirectionTotals& total = totals_[frame.direction == sdk::Direction::client_to_server ? 0 : 1];
    ++total.messages;
    total.bytes += frame.message.size();
    const Pairing::Step step = pairing_.follow(frame);
    if (step.answered) add_answer(frame, *step.answered);
}

void CallStatistics::add_answer(const TapeLine& response, const PendingCall& call) {
    const bool by_server = response.direction == sdk::Direction::client_to_server;
    const std::string label = (by_server ? "← " : "") + label_of(call.method, call.name);
    CallGroup& of = group(label);
    const double took = response.ts_ms - call.ts_ms;
    of.latency.record(took);
    if (tells_an_error(response)) ++of.errors;
    keep_if_slow(SlowCall(label, call.seq, call.ts_ms, took));
}

CallGroup& CallStatistics::group(const std::string& label) {
    const auto found = groups_.find(label);
    if (found != groups_.end()) return found->second;
    return groups_[groups_.size() < kMaxGroups ? label : kOtherCalls];
}

void CallStatistics::keep_if_slow(SlowCall call) {
    if (slowest_.size() == kSlowest && slowest_.back().took_ms >= call.took_ms) return;
    const auto place = std::ranges::find_if(
        slowest_, [&](const SlowCall& each) { return each.took_ms < call.took_ms; });
    slowest_.insert(place, std::move(call));
    if (slowest_.size() > kSlowest) slowest_.pop_back();
}

}  // namespace shadowcat::tape
