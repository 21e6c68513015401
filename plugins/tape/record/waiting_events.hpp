// SPDX-License-Identifier: Apache-2.0
// WaitingEvents: events of sessions that have no tape yet.
#pragma once

#include "record/entry.hpp"
#include "record/entry_queue.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

/// A session's first message tells on which tape it goes; what came before waits here. Bounded:
/// what has no room is counted.
class WaitingEvents {
public:
    static constexpr std::size_t kMaxPerSession = 64;
    static constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;

    bool has_room(const Entry& entry) const;
    void add(Entry entry);
    std::vector<Entry> take(std::string_view session);

    /// When the first event of this message's session came; without one, when the message came.
    sdk::TimePoint since(const Entry& message) const;

private:
    std::map<std::string, std::vector<Entry>, std::less<>> sessions_;
    std::size_t bytes_ = 0;
};

}  // namespace shadowcat::tape
