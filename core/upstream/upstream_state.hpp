// SPDX-License-Identifier: Apache-2.0
// UpstreamState: what all workers know about one upstream.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace shadowcat::core {

/// Counters that workers share without locks. One per configured upstream, made before the workers.
class UpstreamState {
public:
    UpstreamState(std::string upstream_name, std::uint32_t max_links)
        : name(std::move(upstream_name)), max(max_links) {}

    const std::string name;
    const std::uint32_t max;  ///< links at a time over all workers; 0 is no bound

    std::atomic<std::uint32_t> links{0};
    std::atomic<std::uint32_t> in_flight{0};
    std::atomic<std::uint32_t> sessions{0};
    std::atomic<std::uint32_t> crashes{0};  ///< since the health checker last looked
    std::atomic<bool> healthy{true};

    bool has_room() const noexcept { return max == 0 || links.load() < max; }

    /// Takes a place for one more link; false when `max` are open.
    bool reserve() noexcept {
        if (links.fetch_add(1) < max || max == 0) return true;
        links.fetch_sub(1);
        return false;
    }
    void release() noexcept { links.fetch_sub(1); }
};

/// Counts one in a counter for as long as it lives.
class Counted {
public:
    explicit Counted(std::atomic<std::uint32_t>& counter) : counter_(counter) { ++counter_; }
    ~Counted() { --counter_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::atomic<std::uint32_t>& counter_;
};

}  // namespace shadowcat::core
