// SPDX-License-Identifier: Apache-2.0
// Audience: everybody who looks, and what has to be noted for them.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "viewer.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace shadowcat::watch {

/// Thread-safe. Whether anybody looks is one relaxed load.
class Audience {
public:
    static constexpr std::size_t kMaxViewers = 8;

    /// Of the output, if there is one: it looks from the beginning to the end.
    static constexpr ViewerBits kOutputBit = 1;

    Audience();

    /// Before anything else: `filter` is what the output shows.
    void add_output(const Filter& filter);

    /// Fails with `unavailable` when there are as many as there may be.
    sdk::Result<std::shared_ptr<Viewer>> attach(Filter filter);
    void detach(const std::shared_ptr<Viewer>& viewer);

    bool present() const noexcept { return present_.load(std::memory_order_relaxed); }

    /// How many times the last one has gone: what was remembered before is out of date.
    std::uint64_t absences() const noexcept { return absences_; }

    std::shared_ptr<const Wanted> wanted() const;
    std::vector<std::shared_ptr<Viewer>> viewers() const;

private:
    void note_change();

    std::atomic<bool> present_ = false;
    std::atomic<std::uint64_t> absences_ = 0;
    mutable std::mutex mutex_;
    std::vector<Filter> output_;  // none or one
    std::vector<std::shared_ptr<Viewer>> viewers_;
    std::shared_ptr<const Wanted> wanted_;  // shared with workers that are just noting something
};

}  // namespace shadowcat::watch
