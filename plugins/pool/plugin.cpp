// SPDX-License-Identifier: Apache-2.0
// Offers the pool strategies and health checkers to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "failover.hpp"
#include "least_busy.hpp"
#include "mcp_ping.hpp"
#include "power_of_two.hpp"
#include "process_alive.hpp"
#include "round_robin.hpp"
#include "server_discover.hpp"
#include "sticky.hpp"
#include "tcp_connect.hpp"
#include "weighted.hpp"

#include <random>

namespace {

using namespace shadowcat;

/// A factory for a part that has no configuration.
template <class Interface, class Part, class... Context>
std::unique_ptr<Interface> make(const sdk::Json&, const Context&...) {
    return std::make_unique<Part>();
}

std::unique_ptr<sdk::PoolStrategy> make_power_of_two(const sdk::Json&) {
    return std::make_unique<pool::PowerOfTwo>(std::random_device()());
}

std::unique_ptr<sdk::PoolStrategy> make_sticky(const sdk::Json& config) {
    return std::make_unique<pool::Sticky>(config);
}

std::unique_ptr<sdk::HealthChecker> make_tcp_connect(const sdk::Json& config,
                                                     const sdk::HealthContext& context) {
    return std::make_unique<pool::TcpConnect>(config, context);
}

template <class Part>
void add_strategy(sdk::Registrar& registrar, std::string name, std::string description) {
    registrar.add<sdk::PoolStrategy>(std::move(name), std::move(description), sdk::Schema(),
                                     make<sdk::PoolStrategy, Part>);
}

template <class Part>
void add_checker(sdk::Registrar& registrar, std::string name, std::string description) {
    registrar.add<sdk::HealthChecker>(std::move(name), std::move(description), sdk::Schema(),
                                      make<sdk::HealthChecker, Part, sdk::HealthContext>);
}

void register_strategies(sdk::Registrar& registrar) {
    add_strategy<pool::RoundRobin>(registrar, "round_robin", "every upstream in turn");
    add_strategy<pool::Weighted>(registrar, "weighted",
                                 "every upstream in turn, as often as its weight says");
    add_strategy<pool::LeastBusy>(registrar, "least_busy",
                                  "the upstream with the fewest calls in flight");
    registrar.add<sdk::PoolStrategy>("power_of_two", "the less busy of two drawn at random",
                                     sdk::Schema(), make_power_of_two);
    registrar.add<sdk::PoolStrategy>("sticky", "the same upstream for the same client",
                                     pool::Sticky::schema(), make_sticky);
    add_strategy<pool::Failover>(registrar, "failover",
                                 "the first upstream in the order of the configuration");
}

void register_checkers(sdk::Registrar& registrar) {
    add_checker<pool::McpPing>(registrar, "mcp_ping", "healthy when MCP's ping is answered");
    add_checker<pool::ServerDiscover>(registrar, "server_discover",
                                      "healthy when MCP's server/discover is answered");
    add_checker<pool::ProcessAlive>(registrar, "process_alive",
                                    "healthy when no connection ends by itself");
    registrar.add<sdk::HealthChecker>("tcp_connect", "healthy when its port accepts a connection",
                                      pool::TcpConnect::schema(), make_tcp_connect);
}

void register_parts(sdk::Registrar& registrar) {
    register_strategies(registrar);
    register_checkers(registrar);
}

}  // namespace

SHADOWCAT_PLUGIN("pool", SHADOWCAT_SDK_VERSION, "pool strategies and health checkers",
                 register_parts)
