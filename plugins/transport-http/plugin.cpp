// SPDX-License-Identifier: Apache-2.0
// What transport-http offers.
#include "shadowcat/sdk/plugin.hpp"

#include "http_connector.hpp"
#include "http_health.hpp"
#include "http_listener.hpp"
#include "sse_connector.hpp"

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::Connector> make_connector(const sdk::Json& config,
                                               const sdk::ConnectorContext& context) {
    return std::make_unique<http::HttpConnector>(config, context);
}

std::unique_ptr<sdk::Connector> make_sse_connector(const sdk::Json& config,
                                                   const sdk::ConnectorContext& context) {
    return std::make_unique<http::SseConnector>(config, context);
}

std::unique_ptr<sdk::HealthChecker> make_checker(const sdk::Json& config,
                                                 const sdk::HealthContext& context) {
    return std::make_unique<http::HttpHealth>(config, context);
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::Connector>("http",
                                  "an MCP server over Streamable HTTP (http:// or https://)",
                                  http::HttpConnector::schema(), &make_connector);
    registrar.add<sdk::Connector>("sse", "an MCP server over the deprecated HTTP+SSE (2024-11-05)",
                                  http::SseConnector::schema(), &make_sse_connector);
    registrar.add<sdk::Listener>("http", "MCP clients over Streamable HTTP",
                                 http::http_listener_schema(), &http::HttpListener::make);
    registrar.add<sdk::HealthChecker>("http_get", "healthy when a GET gets an expected status",
                                      http::HttpHealth::schema(), &make_checker);
}

}  // namespace

SHADOWCAT_PLUGIN("transport-http", SHADOWCAT_SDK_VERSION,
                 "MCP over HTTP: Streamable HTTP, plain and TLS", register_parts)
