// SPDX-License-Identifier: Apache-2.0
// A bounded vector behind a mutex.
#include "viewer.hpp"

#include <utility>

namespace shadowcat::watch {

void Viewer::push(Entry entry) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) {
        lost_ += entry.event == events::kDropped ? entry.count : 1;
    } else {
        waiting_.push_back(std::move(entry));
    }
}

std::vector<Entry> Viewer::take() {
    std::vector<Entry> taken;
    const std::lock_guard lock(mutex_);
    taken.swap(waiting_);
    if (const std::uint64_t lost = std::exchange(lost_, 0); lost > 0)
        taken.push_back(dropped_entry(lost));
    return taken;
}

}  // namespace shadowcat::watch
