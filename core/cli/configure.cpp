// SPDX-License-Identifier: Apache-2.0
// Loads the configuration and prints what is wrong with it.
#include "core/cli/configure.hpp"

#include <ostream>

namespace shadowcat::core {

// As editors and CI systems expect it.
void print(const Diagnostics& diagnostics, std::ostream& errors) {
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.origin.kind != Origin::Kind::file) errors << "shadowcat: ";
        errors << diagnostic.text() << '\n';
    }
}

namespace {

PluginSource source(PluginHost& host) {
    return [&host](const PluginsConfig& config,
                   std::vector<sdk::ConfigError>& errors) -> const PluginRegistry& {
        return host.load(config, errors);
    };
}

}  // namespace

PluginHost make_plugin_host(const Environment& environment) {
    const auto path = environment.find("SHADOWCAT_PLUGIN_PATH");
    return PluginHost(default_search_path(path != environment.end() ? path->second : ""));
}

std::optional<Config> configure(const ConfigRequest& request, PluginHost& host,
                                std::ostream& errors) {
    auto loaded = load_config(request, source(host));
    if (auto* config = std::get_if<Config>(&loaded)) return std::move(*config);
    print(std::get<Diagnostics>(loaded), errors);
    return std::nullopt;
}

bool configure_plugins(const ConfigRequest& request, PluginHost& host, std::ostream& errors) {
    const Diagnostics diagnostics = load_plugins(request, source(host));
    print(diagnostics, errors);
    return diagnostics.empty();
}

}  // namespace shadowcat::core
