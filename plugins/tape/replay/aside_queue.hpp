// SPDX-License-Identifier: Apache-2.0
// AsideQueue: what a replayed server will say by itself, in the order in which it is due.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "replay/exchange_index.hpp"

#include <cstddef>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

namespace shadowcat::tape {

class DueAside {
public:
    DueAside(const RecordedAside& what, sdk::TimePoint when, std::uint64_t number)
        : aside(what), due(when), order(number) {}

    RecordedAside aside;
    sdk::TimePoint due;
    std::uint64_t order;  ///< of two that are due at a time, the first comes first
};

class AsideQueue {
public:
    /// More are dropped: only a client that repeats itself endlessly gets there.
    static constexpr std::size_t kMost = 100'000;

    void push(const RecordedAside& aside, sdk::TimePoint due) {
        if (queue_.size() < kMost) queue_.emplace(aside, due, ++pushed_);
    }

    bool empty() const noexcept { return queue_.empty(); }
    sdk::TimePoint next_due() const { return queue_.top().due; }

    DueAside pop() {
        DueAside first = queue_.top();
        queue_.pop();
        return first;
    }

private:
    class Later {
    public:
        bool operator()(const DueAside& a, const DueAside& b) const {
            return std::pair(a.due, a.order) > std::pair(b.due, b.order);
        }
    };

    std::priority_queue<DueAside, std::vector<DueAside>, Later> queue_;
    std::uint64_t pushed_ = 0;
};

}  // namespace shadowcat::tape
