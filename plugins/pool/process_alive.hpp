// SPDX-License-Identifier: Apache-2.0
// process_alive: an upstream is healthy when a link can be held open and none ended by itself.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"

namespace shadowcat::pool {

/// Says nothing to the server. One crash makes one probe fail; the thresholds of the configuration
/// say how many failed probes make an upstream unhealthy.
class ProcessAlive final : public sdk::HealthChecker {
public:
    sdk::awaitable<sdk::Result<void>> check(sdk::HealthTarget& target) override;
};

}  // namespace shadowcat::pool
