// SPDX-License-Identifier: Apache-2.0
// The arguments of `shadowcat tape`, declared once for parsing, help and completions.
#pragma once

#include "shadowcat/sdk/command.hpp"

#include "cli/delete.hpp"
#include "cli/diff.hpp"
#include "cli/export.hpp"
#include "cli/list.hpp"
#include "cli/show.hpp"
#include "cli/stats.hpp"
#include "cli/validate.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace shadowcat::tape {

/// Parses into its own members. The app holds pointers to them: neither copied nor moved.
class CommandLine {
public:
    CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    /// True: perform the subcommand that `parsed()` names. False: `help` is to be printed. Fails
    /// with one sentence.
    sdk::Result<bool> parse(const std::vector<std::string>& arguments);

    /// `list`, `show`, …
    std::string parsed() const;

    /// What can follow the command.
    std::vector<sdk::CommandWord> words() const;

    std::string help;
    std::string directory;
    ListOptions list;
    ShowOptions show;
    ValidateOptions validate;
    ExportOptions exported;
    DiffOptions diff;
    StatsOptions stats;
    DeleteOptions deleted;

private:
    CLI::App* add(const char* name, const char* description, const char* footer);
    void add_list();
    void add_show();
    void add_validate();
    void add_export();
    void add_diff();
    void add_stats();
    void add_delete();

    sdk::Result<bool> read_values();
    sdk::Result<void> read_list();
    sdk::Result<void> read_show();
    sdk::Result<void> read_export();
    sdk::Result<void> read_diff();
    sdk::Error usage(const std::string& message) const;

    CLI::App app_;
    std::string order_ = "created";
    std::string from_, to_, direction_, format_;
    std::vector<std::string> ignored_;
    bool exact_ = false;
    int events_ = 0;  // 1: all, -1: none
};

}  // namespace shadowcat::tape
