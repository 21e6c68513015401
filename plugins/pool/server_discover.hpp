// SPDX-License-Identifier: Apache-2.0
// server_discover: an upstream is healthy when it answers MCP's `server/discover`.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"

namespace shadowcat::pool {

/// For servers of MCP 2026-07-28, which has no `ping`. A result is healthy. So are the errors by
/// which a server says no more than that it is of another era or wants to be asked otherwise: it
/// reads, thinks and writes. Every other error response counts as unhealthy.
class ServerDiscover final : public sdk::HealthChecker {
public:
    sdk::awaitable<sdk::Result<void>> check(sdk::HealthTarget& target) override;
};

}  // namespace shadowcat::pool
