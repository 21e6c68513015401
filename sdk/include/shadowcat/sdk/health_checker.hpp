// SPDX-License-Identifier: Apache-2.0
// HealthChecker: the plugin kind that probes one upstream and says how it is.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// The upstream as a checker may touch it. Implemented by the core; used on one worker.
class SHADOWCAT_API HealthTarget {
public:
    virtual ~HealthTarget() = default;

    /// Sends `request` over the probe link (one kept for probing, opened and initialised on first
    /// use, reopened after a failure) and gives the response: a result or an error response.
    virtual awaitable<Result<Message>> ask(Message request) = 0;

    /// Links of this upstream that ended by themselves since the last check, over all workers.
    virtual std::size_t crashes_since_last_check() = 0;

    /// Makes sure a probe link is open (a process runs, a connection is configured).
    virtual awaitable<Result<void>> ensure_open() = 0;
};

/// What a checker is made with. The worker outlives the checker.
class HealthContext {
public:
    HealthContext(Worker& on, std::string upstream_name, std::string upstream_target,
                  Duration limit)
        : worker(on),
          upstream(std::move(upstream_name)),
          target(std::move(upstream_target)),
          timeout(limit) {}

    Worker& worker;  ///< All calls come on this worker; a checker's own I/O belongs there too.
    std::string upstream;  ///< The upstream's configured name.
    std::string target;    ///< As `Connector::target`: its URL, or its command line.
    Duration timeout;      ///< What the core allows one probe; a checker's own I/O keeps to it.
};

/// Probes one upstream. One instance per upstream; called on one worker, never overlapping.
class SHADOWCAT_API HealthChecker {
public:
    static constexpr std::string_view kKind = "health_checker";

    /// As `Connector::Factory`.
    using Factory =
        std::function<std::unique_ptr<HealthChecker>(const Json&, const HealthContext&)>;

    virtual ~HealthChecker() = default;

    /// One probe. Success means healthy; an error says in its message what was wrong. `target`
    /// bounds what it does in time; a checker bounds its own I/O by `HealthContext::timeout`. The
    /// core counts, and decides with its thresholds.
    virtual awaitable<Result<void>> check(HealthTarget& target) = 0;
};

}  // namespace shadowcat::sdk::inline v1
