// SPDX-License-Identifier: Apache-2.0
// CallPermit: a call's place among those of its upstream.
#pragma once

#include "core/upstream/upstream_state.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace shadowcat::core {

/// How a call ended, for the upstream's guards: the breaker and the outlier ejection.
enum class CallVerdict : std::uint8_t {
    success,  ///< the server answered, be it with an error
    failure,  ///< unreachable, crashed, timed out, not MCP
    neutral   ///< says nothing about the upstream: cancelled, refused by us
};

/// Gives the place back when it goes, and the breaker's trial if the call was that and nobody
/// reported how it ended. Keep it until after `Upstream::report`.
class CallPermit {
public:
    CallPermit(std::shared_ptr<UpstreamState> of, sdk::QuotaHold call, sdk::QuotaHold bytes,
               std::uint64_t breaker_trial = 0)
        : state_(std::move(of)),
          trial_(breaker_trial),
          call_(std::move(call)),
          bytes_(std::move(bytes)) {
        ++state_->in_flight;
    }
    CallPermit(CallPermit&&) noexcept = default;
    CallPermit& operator=(CallPermit&&) = delete;
    ~CallPermit() {
        if (!state_) return;
        --state_->in_flight;
        state_->breaker.give_back(trial_);
    }

private:
    std::shared_ptr<UpstreamState>
        state_;  // shared by workers and whatever is left of the upstream
    std::uint64_t trial_;
    sdk::QuotaHold call_, bytes_;
};

}  // namespace shadowcat::core
