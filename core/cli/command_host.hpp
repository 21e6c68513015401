// SPDX-License-Identifier: Apache-2.0
// CommandHost: what the program offers the commands of plugins.
#pragma once

#include "shadowcat/sdk/command.hpp"
#include "shadowcat/sdk/metrics.hpp"

#include "core/config/load_config.hpp"
#include "core/plugin/plugin_registry.hpp"

namespace shadowcat::core {

class CommandHost final : public sdk::CommandContext {
public:
    CommandHost(const PluginRegistry& registry, const Environment& environment)
        : registry_(registry), environment_(environment) {}

    std::ostream& out() override;
    std::ostream& errors() override;
    std::optional<std::string> environment(const std::string& name) const override;
    int serve(const sdk::ServeRequest& request) override;
    sdk::Result<std::unique_ptr<sdk::Connector>> connector(const sdk::Json& upstream,
                                                           sdk::Worker& worker) override;
    sdk::Result<sdk::Json> upstream_of(const std::string& command_or_url) override;
    sdk::Json upstream_of(const std::vector<std::string>& command) override;

private:
    std::variant<Config, Diagnostics> load(const ConfigRequest& request) const;

    const PluginRegistry& registry_;
    const Environment& environment_;
    sdk::Metrics metrics_;  // nobody reads them
};

}  // namespace shadowcat::core
