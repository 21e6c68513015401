// SPDX-License-Identifier: Apache-2.0
// What the plugin transport-stdio offers.
#include "shadowcat/sdk/plugin.hpp"

#include "stdio_connector.hpp"
#include "stdio_listener.hpp"

#include <unistd.h>

namespace shadowcat::transport_stdio {

namespace {

std::unique_ptr<sdk::Connector> make_connector(const sdk::Json& config,
                                               const sdk::ConnectorContext& context) {
    return std::make_unique<StdioConnector>(config, context);
}

std::unique_ptr<sdk::Listener> make_listener(const sdk::Json& config, sdk::ListenerHost& host) {
    return std::make_unique<StdioListener>(ListenerOptions(config), host, STDIN_FILENO,
                                           STDOUT_FILENO);
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::Connector>("stdio", "A server started as a child process",
                                  ChildOptions::schema(), make_connector);
    registrar.add<sdk::Listener>("stdio", "One client on the proxy's own stdin and stdout",
                                 ListenerOptions::schema(), make_listener);
}

}  // namespace

}  // namespace shadowcat::transport_stdio

SHADOWCAT_PLUGIN("transport-stdio", SHADOWCAT_SDK_VERSION, "MCP over stdin and stdout",
                 shadowcat::transport_stdio::register_parts)
