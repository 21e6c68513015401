// SPDX-License-Identifier: Apache-2.0
// Reads `reverse_proxy.upstreams`.
#pragma once

#include "core/config/config.hpp"
#include "core/config/section_reader.hpp"
#include "core/plugin/plugin_registry.hpp"

namespace shadowcat::core {

/// Fills in `config.upstreams` and `config.strategy`. `list` is the value of the key, of any type;
/// what isn't a list is not reported here.
void read_upstreams(SectionReader& reader, const PluginRegistry& registry, const Json& list,
                    Config& config);

}  // namespace shadowcat::core
