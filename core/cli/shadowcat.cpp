// SPDX-License-Identifier: Apache-2.0
// One function per command; errors are lines on stderr.
#include "core/cli/shadowcat.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/cli/check.hpp"
#include "core/cli/command_tree.hpp"
#include "core/cli/completions.hpp"
#include "core/cli/configure.hpp"
#include "core/cli/options.hpp"
#include "core/cli/plugin_command.hpp"
#include "core/cli/plugins_command.hpp"
#include "core/cli/run_proxy.hpp"

#include <iostream>

namespace shadowcat::core {

namespace {

constexpr int kUsageError = 2;

int run(const PrintOptions& options) {
    std::cout << options.text;
    return 0;
}

int run(const CompletionsOptions& options) {
    std::cout << completion_script(options.shell, plugin_commands(current_environment()));
    return 0;
}

int run(const OverviewOptions&) {
    const CommandTree tree(plugin_commands(current_environment()));
    std::cout << tree.app.help();
    return 0;
}

int run(const PluginCommandOptions& options) {
    return run_plugin_command(options, current_environment());
}

int run(const CheckOptions& options) {
    return run_check(options, current_environment(), std::cout, std::cerr);
}

int run(const PluginsOptions& options) {
    return run_plugins(options, current_environment(), std::cout, std::cerr);
}

/// Reads the file again with the same command line and environment. Plugins stay as they are:
/// another list of them is a change that a reload refuses, so nothing is loaded for it.
ConfigOrigin origin_of(const ConfigRequest& request, const PluginHost& host) {
    ConfigOrigin origin;
    if (!request.file) return origin;
    origin.file = request.file;
    const PluginSource loaded = [&host](const PluginsConfig&,
                                        std::vector<sdk::ConfigError>&) -> const PluginRegistry& {
        return host.registry();
    };
    origin.read = [request, loaded] { return load_config(request, loaded); };
    return origin;
}

int run(const RunOptions& options) {
    ConfigRequest request = options.request;
    request.environment = current_environment();
    PluginHost host = make_plugin_host(request.environment);
    const std::optional<Config> config = configure(request, host, std::cerr);
    if (!config) return kUsageError;
    sdk::log::configure(config->logging.level, config->logging.format);
    host.log_loaded();
    return run_proxy(*config, host.registry(), origin_of(request, host));
}

}  // namespace

int run_shadowcat(const std::vector<std::string>& arguments) {
    const sdk::Result<CommandLine> command = parse_command_line(arguments);
    if (command.has_error()) {
        std::cerr << "shadowcat: " << command.error().message() << '\n';
        return kUsageError;
    }
    return std::visit([](const auto& options) { return run(options); }, *command);
}

}  // namespace shadowcat::core
