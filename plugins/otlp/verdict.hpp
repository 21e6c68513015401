// SPDX-License-Identifier: Apache-2.0
// Verdict: what became of one delivery, and whether it may be repeated.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "reply.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace shadowcat::otlp {

class Verdict {
public:
    enum class Kind : std::uint8_t {
        accepted,  ///< All of it, or all but `rejected`.
        refused,   ///< Never to be sent again.
        later      ///< Not now: the collector is away, overloaded or silent.
    };

    explicit Verdict(Kind what, std::string why = {}) : kind(what), reason(std::move(why)) {}

    Kind kind;
    std::string reason;         ///< For operators: at most `kMaxReason` bytes of the collector's.
    std::int64_t rejected = 0;  ///< Spans or data points of an accepted delivery.
    std::optional<std::chrono::seconds> retry_after;  ///< What the collector asked for.

    static constexpr std::size_t kMaxReason = 200;
};

/// OTLP specification, OTLP/HTTP Response: 2xx is success (partial success included), 429, 502, 503
/// and 504 may be repeated, everything else must not; without an answer it may.
Verdict judge(const sdk::Result<Reply>& reply, std::chrono::system_clock::time_point now);

}  // namespace shadowcat::otlp
