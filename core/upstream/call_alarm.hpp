// SPDX-License-Identifier: Apache-2.0
// CallAlarm: calls back once after a while, unless it has gone by then.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// For handshakes, not for the data path. `ring` may refer to whatever lives as long as the alarm.
class CallAlarm {
public:
    CallAlarm(sdk::Worker& worker, sdk::Duration after, std::function<void()> ring)
        : timer_(worker.context()),
          ring_(std::make_shared<std::function<void()>>(std::move(ring))) {
        timer_.expires_after(after);
        timer_.async_wait([alive = std::weak_ptr(ring_)](sdk::error_code stopped) {
            const auto ringing = stopped ? nullptr : alive.lock();
            if (ringing) (*ringing)();
        });
    }

    void stop() {
        ring_.reset();
        timer_.cancel();
    }

private:
    sdk::Timer timer_;
    std::shared_ptr<std::function<void()>> ring_;  // the timer's handler may outlive the alarm
};

}  // namespace shadowcat::core
