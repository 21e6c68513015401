// SPDX-License-Identifier: Apache-2.0
// ClosedSessions: the sessions that ended last, for what comes late.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// Bounded: only the last `kRemembered`.
class ClosedSessions {
public:
    static constexpr std::size_t kRemembered = 4096;

    void add(std::string_view session, bool stateless) {
        if (!sessions_.try_emplace(std::string(session), stateless).second) return;
        order_.emplace_back(session);
        if (order_.size() <= kRemembered) return;
        sessions_.erase(order_.front());
        order_.pop_front();
    }

    bool contains(std::string_view session) const { return sessions_.contains(session); }

    /// Of one that it contains: whether it was of the stateless era.
    bool is_stateless(std::string_view session) const { return sessions_.find(session)->second; }

private:
    std::map<std::string, bool, std::less<>> sessions_;
    std::deque<std::string> order_;
};

}  // namespace shadowcat::tape
