// SPDX-License-Identifier: Apache-2.0
// UpstreamState: what all workers know about one upstream.
#pragma once

#include "core/exchange/retry_budget.hpp"
#include "core/exchange/tool_catalogue.hpp"
#include "core/upstream/upstream_settings.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace shadowcat::core {

/// Counters that workers share without locks. One per configured upstream, made before the workers.
class UpstreamState {
public:
    UpstreamState(std::string upstream_name, const UpstreamSettings& how)
        : name(std::move(upstream_name)) {
        apply(how);
    }

    /// Takes over new bounds; on any worker.
    void apply(const UpstreamSettings& how) {
        const auto bound = [](std::size_t limit) {
            return limit == 0 ? sdk::Quota::kUnlimited : limit;
        };
        links.resize(bound(how.pool.max_links), how.pool.max_waiting);
        calls.resize(bound(how.pool.max_inflight), how.pool.max_waiting);
        bytes.resize(bound(how.pool.max_inflight_bytes), how.pool.max_waiting);
    }

    const std::string name;

    sdk::Quota links;  ///< open or being opened, over all workers
    sdk::Quota calls;  ///< under way
    sdk::Quota bytes;  ///< of requests under way

    std::atomic<std::uint32_t> in_flight{0};
    std::atomic<std::uint32_t> sessions{0};
    std::atomic<std::uint32_t> crashes{0};  ///< since the health checker last looked
    std::atomic<bool> healthy{true};

    RetryBudget retry_budget;
    ToolCatalogue tools;  ///< empty unless its annotations are trusted
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
