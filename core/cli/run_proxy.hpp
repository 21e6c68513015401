// SPDX-License-Identifier: Apache-2.0
// run_proxy: what the commands reverse and forward come to.
#pragma once

#include "core/config/config.hpp"
#include "core/plugin/plugin_registry.hpp"
#include "core/proxy/proxy.hpp"

namespace shadowcat::core {

/// Makes the configured proxy and runs it to its end. Returns the exit code: 0 after a drain, 1
/// when a part could not be started, 2 when the configuration is one that no part can be made of.
int run_proxy(const Config& config, const PluginRegistry& registry, ConfigOrigin origin);

}  // namespace shadowcat::core
