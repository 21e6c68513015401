// SPDX-License-Identifier: Apache-2.0
// What the loader sees of this plugin.
#include <shadowcat/sdk/plugin.hpp>

#include "tcp_connector.hpp"

namespace {

namespace sdk = shadowcat::sdk;

std::unique_ptr<sdk::Connector> make_connector(const sdk::Json& config,
                                               const sdk::ConnectorContext& context) {
    return std::make_unique<transport_tcp::TcpConnector>(config, context);
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::Connector>("tcp", "MCP over TCP, one message a line",
                                  transport_tcp::TcpConnector::schema(), make_connector);
}

}  // namespace

SHADOWCAT_PLUGIN("transport-tcp", PLUGIN_VERSION, "MCP over a TCP connection", register_parts)
