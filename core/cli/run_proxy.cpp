// SPDX-License-Identifier: Apache-2.0
// From a configuration to a running proxy.
#include "core/cli/run_proxy.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/proxy/proxy.hpp"
#include "core/runtime/descriptor_limit.hpp"
#include "core/runtime/signals.hpp"

#include <exception>
#include <memory>

namespace shadowcat::core {

namespace {

constexpr int kConfigurationError = 2;

/// Null after saying why a part can't be made of the configuration.
std::unique_ptr<Proxy> make_proxy(const Config& config, const PluginRegistry& registry,
                                  ConfigOrigin origin) {
    try {
        return std::make_unique<Proxy>(config, registry, std::move(origin));
    } catch (const std::exception& failure) {
        sdk::log::error("can't start", {{"error", failure.what()}});
        return nullptr;
    }
}

}  // namespace

int run_proxy(const Config& config, const PluginRegistry& registry, ConfigOrigin origin) {
    ignore_sigpipe();
    raise_descriptor_limit();
    const std::unique_ptr<Proxy> proxy = make_proxy(config, registry, std::move(origin));
    if (!proxy) return kConfigurationError;
    try {
        return proxy->run();
    } catch (const std::exception& failure) {
        sdk::log::error("ended by a fault", {{"error", failure.what()}});
        return 1;
    }
}

}  // namespace shadowcat::core
