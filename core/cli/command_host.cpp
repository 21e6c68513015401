// SPDX-License-Identifier: Apache-2.0
// Runs proxies and makes connectors for commands, from the configuration that a start would use.
#include "core/cli/command_host.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/cli/configure.hpp"
#include "core/cli/run_proxy.hpp"
#include "core/cli/upstream_argument.hpp"
#include "core/proxy/connector_maker.hpp"

#include <iostream>

namespace shadowcat::core {

namespace {

constexpr int kUsage = 2;

ConfigRequest request_for(const sdk::Json& upstream, const Environment& environment) {
    ConfigRequest request;
    request.mode = ProxyMode::forward_stdio;
    request.environment = environment;
    request.upstreams = {upstream};
    return request;
}

void add_option(ConfigRequest& request, const char* option, std::vector<std::string> keys,
                const std::string& value) {
    if (value.empty()) return;
    request.options.emplace_back(Origin::command_line(option), std::move(keys), value);
}

}  // namespace

std::ostream& CommandHost::out() { return std::cout; }

std::ostream& CommandHost::errors() { return std::cerr; }

std::optional<std::string> CommandHost::environment(const std::string& name) const {
    const auto found = environment_.find(name);
    if (found == environment_.end()) return std::nullopt;
    return found->second;
}

std::variant<Config, Diagnostics> CommandHost::load(const ConfigRequest& request) const {
    return load_config(
        request,
        [this](const PluginsConfig&, std::vector<sdk::ConfigError>&) -> const PluginRegistry& {
            return registry_;
        });
}

int CommandHost::serve(const sdk::ServeRequest& wanted) {
    ConfigRequest request = request_for(wanted.upstream, environment_);
    if (!wanted.listen.empty()) request.mode = ProxyMode::forward_http;
    request.translate = wanted.translate;
    add_option(request, "--listen", {"reverse_proxy", "bind_address"}, wanted.listen);
    add_option(request, "--log-level", {"logging", "level"}, wanted.log_level);
    const auto loaded = load(request);
    if (const auto* wrong = std::get_if<Diagnostics>(&loaded)) {
        print(*wrong, errors());
        return kUsage;
    }
    const Config& config = std::get<Config>(loaded);
    sdk::log::configure(config.logging.level, config.logging.format);
    return run_proxy(config, registry_, ConfigOrigin());
}

sdk::Result<std::unique_ptr<sdk::Connector>> CommandHost::connector(const sdk::Json& upstream,
                                                                    sdk::Worker& worker) {
    const auto loaded = load(request_for(upstream, environment_));
    if (const auto* wrong = std::get_if<Diagnostics>(&loaded)) {
        return sdk::Error(sdk::ErrorCode::config, wrong->front().text());
    }
    const UpstreamConfig& config = std::get<Config>(loaded).upstreams.front();
    const sdk::ConnectorContext context =
        connector_context(registry_, worker, config.name, metrics_);
    return registry_.create<sdk::Connector>(config.connector.name, config.connector.options,
                                            context);
}

sdk::Result<sdk::Json> CommandHost::upstream_of(const std::string& command_or_url) {
    return upstream_from_argument("upstream-1", command_or_url);
}

sdk::Json CommandHost::upstream_of(const std::vector<std::string>& command) {
    return upstream_from_command("upstream-1", command);
}

}  // namespace shadowcat::core
