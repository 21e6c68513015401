// SPDX-License-Identifier: Apache-2.0
// From a configuration to a running proxy.
#include "core/cli/run_proxy.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/proxy/proxy.hpp"
#include "core/runtime/descriptor_limit.hpp"
#include "core/runtime/signals.hpp"

#include <exception>

namespace shadowcat::core {

int run_proxy(const Config& config, const PluginRegistry& registry, ConfigOrigin origin) {
    ignore_sigpipe();
    raise_descriptor_limit();
    try {
        Proxy proxy(config, registry, std::move(origin));
        return proxy.run();
    } catch (const std::exception& failure) {
        sdk::log::error("can't start", {{"error", failure.what()}});
        return 1;
    }
}

}  // namespace shadowcat::core
