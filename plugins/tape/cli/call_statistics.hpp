// SPDX-License-Identifier: Apache-2.0
// CallStatistics: what a tape's frames add up to, in bounded memory.
#pragma once

#include "cli/latency_histogram.hpp"
#include "cli/pairing.hpp"
#include "format/tape_line.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace shadowcat::tape {

/// Calls of one method (and tool) by one side.
class CallGroup {
public:
    std::uint64_t errors = 0;
    LatencyHistogram latency;
};

class SlowCall {
public:
    SlowCall(std::string what, std::uint64_t frame, double began_ms, double duration_ms)
        : label(std::move(what)), seq(frame), ts_ms(began_ms), took_ms(duration_ms) {}

    std::string label;
    std::uint64_t seq;
    double ts_ms;
    double took_ms;
};

class DirectionTotals {
public:
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
};

class CallStatistics {
public:
    static constexpr std::size_t kMaxGroups = 500;
    static constexpr std::size_t kSlowest = 10;

    void add(const TapeLine& line);

    /// By label, safe to print; calls of the server's begin with `←`. Beyond `kMaxGroups` all
    /// others are in one.
    const std::map<std::string, CallGroup>& groups() const noexcept { return groups_; }
    const std::vector<SlowCall>& slowest() const noexcept { return slowest_; }
    const DirectionTotals& from_client() const noexcept { return totals_[0]; }
    const DirectionTotals& from_server() const noexcept { return totals_[1]; }
    std::uint64_t frames() const noexcept { return totals_[0].messages + totals_[1].messages; }
    std::uint64_t events() const noexcept { return events_; }
    std::uint64_t dropped() const noexcept { return dropped_; }
    std::uint64_t unanswered() const noexcept { return pairing_.pending() + pairing_.forgotten(); }

    /// Between the first line and the last.
    double duration_ms() const noexcept { return last_ms_ - first_ms_; }

private:
    void add_frame(const TapeLine& frame);
    void add_answer(const TapeLine& response, const PendingCall& call);
    CallGroup& group(const std::string& label);
    void keep_if_slow(SlowCall call);

    Pairing pairing_;
    std::map<std::string, CallGroup> groups_;
    std::vector<SlowCall> slowest_;  // the slowest first
    std::array<DirectionTotals, 2> totals_;
    std::uint64_t events_ = 0;
    std::uint64_t dropped_ = 0;
    double first_ms_ = 0;
    double last_ms_ = 0;
    bool began_ = false;
};

}  // namespace shadowcat::tape
