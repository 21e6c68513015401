// SPDX-License-Identifier: Apache-2.0
// Pairing: which request a response on a tape answers.
#pragma once

#include "format/tape_line.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace shadowcat::tape {

/// A request that waits for its response.
class PendingCall {
public:
    PendingCall() = default;
    explicit PendingCall(const TapeLine& request)
        : method(request.method),
          name(request.name),
          seq(request.seq),
          ts_ms(request.ts_ms),
          line_number(request.line_number) {}

    std::string method;
    std::string name;
    std::uint64_t seq = 0;
    double ts_ms = 0;
    std::uint64_t line_number = 0;
};

/// Follows the frames of a tape in order. Ids of the two directions are apart, `1` isn't `"1"`; a
/// client's request and its response also share their exchange. At most `kMaxPending` requests are
/// remembered: beyond that the oldest is forgotten.
class Pairing {
public:
    static constexpr std::size_t kMaxPending = 65536;

    class Step {
    public:
        std::optional<PendingCall> answered;  ///< by this response
        std::optional<PendingCall> reused;    ///< this request has the id of one in flight
        bool unexpected = false;              ///< a response to nothing that is known
    };

    Step follow(const TapeLine& frame);

    std::size_t pending() const noexcept { return calls_.size(); }
    std::uint64_t forgotten() const noexcept { return forgotten_; }

    /// The pending requests in any order.
    const std::unordered_map<std::string, PendingCall>& calls() const noexcept { return calls_; }

private:
    Step request(const TapeLine& frame);
    Step response(const TapeLine& frame);
    void forget_oldest();

    std::unordered_map<std::string, PendingCall> calls_;
    std::deque<std::pair<std::string, std::uint64_t>> order_;  // key and seq, oldest first
    std::uint64_t forgotten_ = 0;
};

}  // namespace shadowcat::tape
