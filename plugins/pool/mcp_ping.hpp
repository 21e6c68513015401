// SPDX-License-Identifier: Apache-2.0
// mcp_ping: an upstream is healthy when it answers MCP's `ping`.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"

namespace shadowcat::pool {

/// MCP obliges every peer to answer `ping` with an empty result. A server that answers "method not
/// found" breaks that rule but proves that it reads, thinks and writes: it counts as healthy. Every
/// other error response counts as unhealthy.
class McpPing final : public sdk::HealthChecker {
public:
    sdk::awaitable<sdk::Result<void>> check(sdk::HealthTarget& target) override;
};

}  // namespace shadowcat::pool
