// SPDX-License-Identifier: Apache-2.0
// The keys of the configuration: the core's own, and where those of plugins belong.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "core/plugin/plugin_registry.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

using sdk::Json;

/// Everything. Keys of the listener `listener` stand where `listener_section` puts them. With
/// `every_part`, an upstream, interceptor or sink has the keys of every registered part (to
/// recognise keys before it is known which part they are for); otherwise only the core's.
sdk::Schema root_schema(const PluginRegistry& registry, bool every_part,
                        const std::string& listener = "http");

sdk::Schema plugins_schema();
sdk::Schema plugin_entry_schema();

/// The keys that every upstream has; `pool` and `health` too are only the core's.
sdk::Schema core_upstream_schema();

/// The keys of this upstream: the core's and those of the connector, strategy and checker it names.
/// Parts that nobody offers add none.
sdk::Schema upstream_schema(const PluginRegistry& registry, const Json& upstream);

/// The keys of one entry of `interceptors` (`selector` is `type`) or `metrics` (`sink`).
sdk::Schema part_entry_schema(const PluginRegistry& registry, std::string_view kind,
                              const std::string& selector, const Json& entry);

/// The section of `reverse_proxy` for a key of the listener: `security`, `limits`, or none
/// (the key stands in `reverse_proxy` itself).
std::string_view listener_section(std::string_view key);

}  // namespace shadowcat::core
