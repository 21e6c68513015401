// SPDX-License-Identifier: Apache-2.0
// The command line of shadowcat-plugin-test.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace shadowcat::contract {

class Options {
public:
    std::filesystem::path plugin;
    std::filesystem::path config;
    std::string kind;       ///< empty: all
    std::string name;       ///< empty: all
    std::string test_case;  ///< doctest's filter; empty: all
    bool help = false;
};

/// Nothing, and a line on stderr, when the arguments make no sense.
std::optional<Options> parse_options(int argc, char** argv);

void print_usage();

}  // namespace shadowcat::contract
