// SPDX-License-Identifier: Apache-2.0
// Finds a command among the plugins and lets it run.
#include "core/cli/plugin_command.hpp"

#include "core/cli/command_host.hpp"
#include "core/cli/configure.hpp"

#include <iostream>
#include <sstream>

namespace shadowcat::core {

namespace {

constexpr int kFailure = 1;
constexpr int kUsageError = 2;

bool is_command(const Part& part) { return part.kind == sdk::Command::kKind; }

std::unique_ptr<sdk::Command> make_command(const PluginRegistry& registry,
                                           const std::string& name) {
    auto made = registry.create<sdk::Command>(name, sdk::Json::object());
    if (made.has_error()) throw std::runtime_error(made.error().message());
    return *std::move(made);
}

PluginCommand describe(const PluginRegistry& registry, const Part& part) {
    PluginCommand command;
    command.name = part.name;
    command.description = part.description;
    command.words = make_command(registry, part.name)->words();
    return command;
}

}  // namespace

std::vector<PluginCommand> plugin_commands(const Environment& environment) {
    PluginHost host = make_plugin_host(environment);
    std::ostringstream ignored;
    ConfigRequest request;
    request.environment = environment;
    configure_plugins(request, host, ignored);
    std::vector<PluginCommand> commands;
    for (const Part& part : host.registry().parts()) {
        if (is_command(part)) commands.push_back(describe(host.registry(), part));
    }
    return commands;
}

int run_plugin_command(const PluginCommandOptions& options, const Environment& environment) {
    PluginHost host = make_plugin_host(environment);
    ConfigRequest request;
    request.environment = environment;
    if (!configure_plugins(request, host, std::cerr)) return kUsageError;
    if (host.registry().find<sdk::Command>(options.name) == nullptr) {
        std::cerr << "shadowcat: " << options.otherwise << '\n';
        return kUsageError;
    }
    CommandHost context(host.registry(), environment);
    try {
        return make_command(host.registry(), options.name)->run(options.arguments, context);
    } catch (const std::exception& failure) {
        std::cerr << "shadowcat: " << options.name << ": " << printable(failure.what()) << '\n';
        return kFailure;
    }
}

}  // namespace shadowcat::core
