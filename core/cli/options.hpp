// SPDX-License-Identifier: Apache-2.0
// The command line as a value.
#pragma once

#include "core/config/load_config.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace shadowcat::core {

/// `reverse` and `forward`: what to configure a proxy with. Without the environment, which the
/// caller adds.
class RunOptions {
public:
    RunOptions() = default;

    ConfigRequest request;
};

class CheckOptions {
public:
    CheckOptions() = default;

    std::optional<std::filesystem::path> config;
    bool print_reference = false;
    bool schema_only = false;  ///< don't make the parts: files that they need may be missing here
};

/// `plugins list`, or `plugins inspect FILE`.
class PluginsOptions {
public:
    PluginsOptions() = default;

    std::optional<std::filesystem::path> inspect;
    std::optional<std::filesystem::path> config;
};

class CompletionsOptions {
public:
    CompletionsOptions() = default;
    explicit CompletionsOptions(std::string name) : shell(std::move(name)) {}

    std::string shell;  ///< bash, zsh or fish
};

/// A command that no part of the core is: perhaps one of a plugin.
class PluginCommandOptions {
public:
    PluginCommandOptions() = default;

    std::string name;
    std::vector<std::string> arguments;  ///< behind the name
    std::string otherwise;               ///< what is wrong when no plugin offers it
};

/// `shadowcat --help`: what there is, also in plugins.
class OverviewOptions {};

/// `--help`, `--version`: print and exit with success.
class PrintOptions {
public:
    PrintOptions() = default;
    explicit PrintOptions(std::string what) : text(std::move(what)) {}

    std::string text;
};

using CommandLine = std::variant<PrintOptions, OverviewOptions, RunOptions, CheckOptions,
                                 PluginsOptions, CompletionsOptions, PluginCommandOptions>;

/// `arguments` are those behind the program's name. An error is one line for the user, to be shown
/// behind `shadowcat: `.
sdk::Result<CommandLine> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace shadowcat::core
