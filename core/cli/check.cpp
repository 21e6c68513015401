// SPDX-License-Identifier: Apache-2.0
// Loads everything that a start would load, and stops there.
#include "core/cli/check.hpp"

#include "core/cli/configure.hpp"
#include "core/config/reference.hpp"
#include "core/proxy/proxy.hpp"

#include <exception>
#include <ostream>

namespace shadowcat::core {

namespace {

constexpr int kSuccess = 0;
constexpr int kConfigurationError = 2;

std::string counted(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

/// Makes every part, which opens nothing, and lets it go again: what only a plugin can judge.
bool can_make(const Config& config, const PluginRegistry& registry, std::ostream& errors) {
    try {
        const Proxy proxy(config, registry, ConfigOrigin());
        return true;
    } catch (const std::exception& failure) {
        errors << "shadowcat: " << printable(failure.what()) << '\n';
        return false;
    }
}

}  // namespace

int run_check(const CheckOptions& options, const Environment& environment, std::ostream& out,
              std::ostream& errors) {
    ConfigRequest request;
    request.file = options.config;
    request.files_needed = !options.schema_only;
    request.environment = environment;
    PluginHost host = make_plugin_host(environment);
    if (options.print_reference) {
        if (!configure_plugins(request, host, errors)) return kConfigurationError;
        out << configuration_reference(host.registry());
        return kSuccess;
    }
    const std::optional<Config> config = configure(request, host, errors);
    if (!config) return kConfigurationError;
    if (!options.schema_only && !can_make(*config, host.registry(), errors)) {
        return kConfigurationError;
    }
    out << options.config->string() << ": valid, with "
        << counted(config->upstreams.size(), "upstream") << " and "
        << counted(host.loaded().size(), "plugin") << '\n';
    return kSuccess;
}

}  // namespace shadowcat::core
