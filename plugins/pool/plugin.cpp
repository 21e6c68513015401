// SPDX-License-Identifier: Apache-2.0
// Offers the pool strategies and health checkers to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "least_busy.hpp"
#include "mcp_ping.hpp"
#include "process_alive.hpp"
#include "round_robin.hpp"

namespace {

using namespace shadowcat;

/// A factory for a part that has no configuration.
template <class Interface, class Part, class... Context>
std::unique_ptr<Interface> make(const sdk::Json&, const Context&...) {
    return std::make_unique<Part>();
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::PoolStrategy>("round_robin", "every upstream in turn", sdk::Schema(),
                                     make<sdk::PoolStrategy, pool::RoundRobin>);
    registrar.add<sdk::PoolStrategy>("least_busy", "the upstream with the fewest calls in flight",
                                     sdk::Schema(), make<sdk::PoolStrategy, pool::LeastBusy>);
    registrar.add<sdk::HealthChecker>("mcp_ping", "healthy when MCP's ping is answered",
                                      sdk::Schema(), make<sdk::HealthChecker, pool::McpPing, sdk::HealthContext>);
    registrar.add<sdk::HealthChecker>("process_alive", "healthy when no connection ends by itself",
                                      sdk::Schema(), make<sdk::HealthChecker, pool::ProcessAlive, sdk::HealthContext>);
}

}  // namespace

SHADOWCAT_PLUGIN("pool", SHADOWCAT_SDK_VERSION, "pool strategies and health checkers",
                 register_parts)
