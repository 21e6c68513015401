// SPDX-License-Identifier: Apache-2.0
// SharedSlot: one object for the instances that a plugin part has on several workers.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace shadowcat::sdk::inline v1 {

/// Holds what the instances of one configured entry have in common (a file, a table of paused
/// messages). The first that asks makes it; it lives as long as an instance holds it. Thread-safe;
/// what is inside must be too. One slot serves one type.
class SharedSlot {
public:
    /// The common object; `make()` gives a `std::shared_ptr<T>` and may throw, which leaves the
    /// slot empty.
    template <class T, class Make>
    std::shared_ptr<T> get(Make&& make) {
        const std::lock_guard lock(mutex_);
        if (std::shared_ptr<void> held = held_.lock()) return std::static_pointer_cast<T>(held);
        std::shared_ptr<T> made = std::forward<Make>(make)();
        held_ = made;
        return made;
    }

private:
    std::mutex mutex_;
    std::weak_ptr<void> held_;
};

}  // namespace shadowcat::sdk::inline v1
