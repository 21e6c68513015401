// SPDX-License-Identifier: Apache-2.0
// WaitRoom: where the delayed messages of one worker wait.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>

namespace shadowcat::intercept {

/// Bounded. Lives on one worker; held by `shared_ptr`, also by what waits in it. Whether a message
/// is still needed is looked at every tick of the worker: the callback of a `Cancellation` belongs
/// to the exchange.
class WaitRoom : public std::enable_shared_from_this<WaitRoom> {
public:
    enum class End : std::uint8_t { elapsed, cancelled, released, full };

    WaitRoom(sdk::Worker& worker, std::size_t capacity) : worker_(worker), capacity_(capacity) {}

    /// Waits for `time`, until `cancellation` (may be null) is requested, or until `release_all`;
    /// not at all where too many wait already.
    sdk::awaitable<End> wait(sdk::Duration time, sdk::Cancellation* cancellation);

    /// Lets everything go, and whatever comes later at once.
    void release_all() noexcept;

    std::size_t waiting() const noexcept { return guests_.size(); }

private:
    class Guest {
    public:
        Guest(sdk::Timer& until, sdk::Cancellation* by) : timer(until), cancellation(by) {}

        bool cancelled() const noexcept { return cancellation && cancellation->requested(); }

        sdk::Timer& timer;
        sdk::Cancellation* cancellation;
    };
    class Stay;

    void sweep();

    sdk::Worker& worker_;
    const std::size_t capacity_;
    std::list<Guest> guests_;
    std::optional<sdk::Worker::Tick> tick_;  // while somebody waits
    bool released_ = false;
};

}  // namespace shadowcat::intercept
