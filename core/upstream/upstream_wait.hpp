// SPDX-License-Identifier: Apache-2.0
// UpstreamWait: one wait for a place, bounded in time, that the client or the upstream's end may
// end.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/quota.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <list>
#include <string>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// The waits that one upstream's end ends.
class UpstreamWaits {
public:
    /// Ends all with `reason`.
    void end(const sdk::Error& reason) {
        for (sdk::Cancellation* each : std::list<sdk::Cancellation*>(waits_))
            each->request(reason);
    }

private:
    friend class UpstreamWait;
    std::list<sdk::Cancellation*> waits_;
};

/// On the frame of whoever waits. Takes the callback of `client` (may be null) while it lives.
class UpstreamWait {
public:
    UpstreamWait(sdk::Worker& worker, UpstreamWaits& all, sdk::Cancellation* client,
                 sdk::Duration limit);
    ~UpstreamWait();
    UpstreamWait(const UpstreamWait&) = delete;
    UpstreamWait& operator=(const UpstreamWait&) = delete;

    /// Takes `amount` of `quota` in line. Fails with `unavailable`, saying what is `full` ("all 3
    /// links of upstream 'x' are in use"), or with the reason that ended the wait.
    sdk::awaitable<sdk::Result<void>> take(sdk::Quota& quota, std::uint64_t amount,
                                           std::string full);

    /// Lets time pass until `time`. Fails only with the reason that ended the wait.
    sdk::awaitable<sdk::Result<void>> until(sdk::TimePoint time);

    sdk::TimePoint deadline() const noexcept { return deadline_; }

private:
    sdk::Worker& worker_;
    UpstreamWaits& all_;
    sdk::Cancellation* client_;
    sdk::Cancellation ended_;
    std::list<sdk::Cancellation*>::iterator entry_;
    sdk::Duration limit_;
    sdk::TimePoint deadline_;
};

}  // namespace shadowcat::core
