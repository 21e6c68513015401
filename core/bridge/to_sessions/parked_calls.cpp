// SPDX-License-Identifier: Apache-2.0
// Tickets and what waits for them.
#include "core/bridge/to_sessions/parked_calls.hpp"

#include "core/bridge/to_sessions/bridged_call.hpp"

namespace shadowcat::core {

void ParkedCalls::put(const std::string& ticket, std::shared_ptr<BridgedCall> call,
                      sdk::TimePoint expiry) {
    Parked& parked = calls_[ticket];
    parked.call = std::move(call);
    parked.expiry = expiry;
}

std::shared_ptr<BridgedCall> ParkedCalls::take(const std::string& ticket) {
    const auto found = calls_.find(ticket);
    if (found == calls_.end()) return nullptr;
    std::shared_ptr<BridgedCall> call = std::move(found->second.call);
    calls_.erase(found);
    return call;
}

bool ParkedCalls::use(const std::string& ticket, sdk::TimePoint expiry) {
    if (used_.size() >= max_) return false;
    return used_.emplace(ticket, expiry).second;
}

std::vector<std::shared_ptr<BridgedCall>> ParkedCalls::take_expired(sdk::TimePoint now) {
    std::vector<std::shared_ptr<BridgedCall>> expired;
    std::erase_if(calls_, [&](auto& entry) {
        const bool over = entry.second.expiry <= now;
        if (over) expired.push_back(std::move(entry.second.call));
        return over;
    });
    std::erase_if(used_, [&](const auto& entry) { return entry.second <= now; });
    return expired;
}

void ParkedCalls::clear() { calls_.clear(); }

}  // namespace shadowcat::core
