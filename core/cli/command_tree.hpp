// SPDX-License-Identifier: Apache-2.0
// The commands and their options, declared once for parsing, help and completions.
#pragma once

#include "core/cli/plugin_command.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace shadowcat::core {

/// Parses into its own members. The app holds pointers to them: neither copied nor moved.
class CommandTree {
public:
    CommandTree();

    /// Also shows what plugins add; not for parsing.
    explicit CommandTree(const std::vector<PluginCommand>& added);
    CommandTree(const CommandTree&) = delete;
    CommandTree& operator=(const CommandTree&) = delete;

    CLI::App app;
    CLI::App* reverse = nullptr;
    CLI::App* forward = nullptr;
    CLI::App* check = nullptr;
    CLI::App* plugins = nullptr;
    CLI::App* plugins_list = nullptr;
    CLI::App* plugins_inspect = nullptr;
    CLI::App* completions = nullptr;

    std::vector<std::string> upstreams;
    std::string forward_upstream;
    std::string bind;
    std::string listen;
    std::string config;
    std::string log_level;
    std::string log_format;
    std::string isolation;
    bool translate = false;
    std::string tape;
    std::string rules;
    bool watch = false;
    std::string workers;
    bool print_reference = false;
    bool schema_only = false;
    std::string file;
    std::string shell;

private:
    void add_reverse();
    void add_forward();
    void add_check();
    void add_plugins();
    void add_completions();
    void add(const PluginCommand& command);
    static void add_word(CLI::App& command, const sdk::CommandWord& word);
    void add_logging(CLI::App& command);
};

}  // namespace shadowcat::core
