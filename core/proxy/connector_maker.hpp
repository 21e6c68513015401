// SPDX-License-Identifier: Apache-2.0
// connector_context: what connectors are made with.
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "core/plugin/plugin_registry.hpp"

#include <string>

namespace shadowcat::core {

/// A context from which a connector can have others made (`ConnectorContext::make`).
sdk::ConnectorContext connector_context(const PluginRegistry& registry, sdk::Worker& worker,
                                        const std::string& upstream, sdk::Metrics& metrics);

}  // namespace shadowcat::core
