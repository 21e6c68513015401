// SPDX-License-Identifier: Apache-2.0
// What CLI11 finds wrong, in words that say what to do.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace shadowcat::core {

/// `reverse`, `plugins inspect`, …: the commands that were recognised; empty when none was.
std::string command_path(const CLI::App& app);

/// For a word that is no command of `command`, with the nearest there is.
std::string describe_unknown_command(const CLI::App& command, const std::string& word);

/// For arguments that nobody takes: the first of them, with the nearest command or option there is.
std::string describe_extra(const CLI::App& app, const std::vector<std::string>& arguments);

/// For an option with too few or too many values.
std::string describe_mismatch(const CLI::ArgumentMismatch& error);

/// Without line breaks and final full stop.
std::string one_line(std::string text);

}  // namespace shadowcat::core
