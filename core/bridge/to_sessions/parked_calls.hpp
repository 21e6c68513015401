// SPDX-License-Identifier: Apache-2.0
// ParkedCalls: the calls that wait for a client to come back, found by the ticket it brings.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

class BridgedCall;

/// Tickets are good once. A ticket without a call belongs to nothing that waits; only its use is
/// remembered.
class ParkedCalls {
public:
    explicit ParkedCalls(std::size_t max) : max_(max) {}

    bool full() const noexcept { return calls_.size() >= max_; }

    void put(const std::string& ticket, std::shared_ptr<BridgedCall> call, sdk::TimePoint expiry);

    /// The call that waits for `ticket`, if it still does; it then no longer waits.
    std::shared_ptr<BridgedCall> take(const std::string& ticket);

    /// False when the ticket, which no call waits for, was used before (or too many were, to know).
    bool use(const std::string& ticket, sdk::TimePoint expiry);

    /// Those that have waited for too long.
    std::vector<std::shared_ptr<BridgedCall>> take_expired(sdk::TimePoint now);

    void clear();

private:
    class Parked {
    public:
        std::shared_ptr<BridgedCall> call;
        sdk::TimePoint expiry;
    };

    const std::size_t max_;
    std::unordered_map<std::string, Parked> calls_;
    std::unordered_map<std::string, sdk::TimePoint> used_;
};

}  // namespace shadowcat::core
