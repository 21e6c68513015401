// SPDX-License-Identifier: Apache-2.0
// ProbeBell: whoever finds an upstream out of use asks for a probe before the next is due.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <atomic>
#include <functional>
#include <mutex>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Rung on any worker; heard by the upstream's health schedule, if it has one.
class ProbeBell {
public:
    static constexpr std::chrono::seconds kSpacing = std::chrono::seconds(1);

    /// `hear` is called on the ringing worker, so it posts. Empty: nobody listens any more; after
    /// that returned it is not called again.
    void connect(std::function<void()> hear) {
        const std::lock_guard lock(mutex_);
        hear_ = std::move(hear);
    }

    /// At most one ring in `kSpacing` is heard. True when this one was.
    bool ring(sdk::TimePoint now) {
        sdk::Duration last = last_.load();
        const sdk::Duration time = now.time_since_epoch();
        if (time - last < kSpacing || !last_.compare_exchange_strong(last, time)) return false;
        const std::lock_guard lock(mutex_);
        if (hear_) hear_();
        return hear_ != nullptr;
    }

private:
    std::atomic<sdk::Duration> last_{sdk::Duration(0)};
    std::mutex mutex_;  // guards hear_; rung only when no upstream could serve
    std::function<void()> hear_;
};

}  // namespace shadowcat::core
