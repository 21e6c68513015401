// SPDX-License-Identifier: Apache-2.0
// UpstreamSettings: what the configuration says about one upstream, beside how it is reached.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/quota.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// How sessions share the upstream's links.
enum class Isolation : std::uint8_t { per_session, shared };

/// What the configuration says of the eras that a server speaks.
enum class EraChoice : std::uint8_t { find_out, legacy, modern, both };

/// Capacity and the life of links. Zero means "no bound" where it says so.
class PoolSettings {
public:
    PoolSettings() = default;
    bool operator==(const PoolSettings&) const = default;

    std::uint32_t weight = 1;
    std::size_t max_links = 1000;        ///< over all workers
    std::size_t max_inflight = 0;        ///< calls over all workers; 0: no bound
    std::size_t max_inflight_bytes = 0;  ///< of requests under way; 0: no bound
    std::size_t max_waiting = 100;       ///< in each line: for a link, for a call's place
    std::chrono::seconds wait_timeout = std::chrono::seconds(10);
    std::size_t min_idle = 0;      ///< spares kept open, over all workers
    std::size_t max_starting = 4;  ///< links being opened at a time
    std::size_t max_requests = 0;  ///< calls that one link serves; 0: no bound
    std::chrono::seconds max_age = std::chrono::seconds(0);       ///< of a link; 0: no bound
    std::chrono::seconds idle_timeout = std::chrono::seconds(0);  ///< without a call; 0: no bound
    std::size_t max_memory_bytes = 0;  ///< resident, of the process group; 0: no bound
    std::chrono::milliseconds min_backoff = std::chrono::milliseconds(200);
    std::chrono::milliseconds max_backoff = std::chrono::seconds(30);
};

class RetrySettings {
public:
    RetrySettings() = default;
    bool operator==(const RetrySettings&) const = default;

    std::size_t max_attempts = 2;     ///< 1: never again
    std::size_t budget_percent = 20;  ///< retries per requests
    std::chrono::milliseconds min_backoff = std::chrono::milliseconds(25);
    std::chrono::milliseconds max_backoff = std::chrono::milliseconds(1000);
    bool trust_annotations = false;  ///< believe `readOnlyHint` and `idempotentHint`
};

class BreakerSettings {
public:
    BreakerSettings() = default;
    bool operator==(const BreakerSettings&) const = default;

    std::size_t failures = 5;  ///< in a row
    std::chrono::seconds open_for = std::chrono::seconds(30);
};

class OutlierSettings {
public:
    OutlierSettings() = default;
    bool operator==(const OutlierSettings&) const = default;

    std::size_t failure_percent = 50;
    std::size_t min_requests = 10;  ///< within an interval, before it is judged
    std::chrono::seconds interval = std::chrono::seconds(10);
    std::chrono::seconds eject_for = std::chrono::seconds(30);  ///< times how often it happened
    std::size_t max_ejected_percent = 50;                       ///< of the group
};

class UpstreamSettings {
public:
    UpstreamSettings() = default;
    bool operator==(const UpstreamSettings&) const = default;

    Isolation isolation = Isolation::per_session;
    EraChoice era = EraChoice::find_out;
    PoolSettings pool;
    RetrySettings retry;
    std::optional<BreakerSettings> breaker;
    std::optional<OutlierSettings> outlier;
};

}  // namespace shadowcat::core
