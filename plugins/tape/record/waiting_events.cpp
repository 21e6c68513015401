// SPDX-License-Identifier: Apache-2.0
// Keeps and gives.
#include "record/waiting_events.hpp"

#include <utility>

namespace shadowcat::tape {

bool WaitingEvents::has_room(const Entry& entry) const {
    const auto found = sessions_.find(entry.session());
    return bytes_ + entry.bytes() <= kMaxBytes &&
           (found == sessions_.end() || found->second.size() < kMaxPerSession);
}

void WaitingEvents::add(Entry entry) {
    bytes_ += entry.bytes();
    entry.keep();
    std::vector<Entry>& events = sessions_[std::string(entry.session())];
    events.push_back(std::move(entry));
}

sdk::TimePoint WaitingEvents::since(const Entry& message) const {
    const auto found = sessions_.find(message.session());
    return found == sessions_.end() ? message.time : found->second.front().time;
}

std::vector<Entry> WaitingEvents::take(std::string_view session) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return {};
    std::vector<Entry> events = std::move(found->second);
    sessions_.erase(found);
    for (const Entry& entry : events)
        bytes_ -= entry.bytes();
    return events;
}

}  // namespace shadowcat::tape
