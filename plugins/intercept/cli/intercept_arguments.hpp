// SPDX-License-Identifier: Apache-2.0
// The arguments of `shadowcat intercept`.
#pragma once

#include "shadowcat/sdk/command.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shadowcat::intercept {

using sdk::Json;

class InterceptArguments {
public:
    InterceptArguments() = default;

    std::optional<std::string> help;  ///< To be printed instead of anything else.
    std::string subcommand;           ///< `list`, `show`, `edit`, `resume`, `drop`, `rules`
    std::string proxy;                ///< A pid or a path; empty: the only one.
    Json id;                          ///< A number, or `all`.
    bool json = false;
    bool follow = false;
    bool raw = false;
    bool resume = false;
    std::string file;  ///< `-`: stdin; empty: an editor.
};

/// Fails with `config` and what is wrong.
sdk::Result<InterceptArguments> parse_intercept(const std::vector<std::string>& arguments);

/// For completions.
std::vector<sdk::CommandWord> intercept_words();

}  // namespace shadowcat::intercept
