// SPDX-License-Identifier: Apache-2.0
// Invocation: what follows `shadowcat watch`.
#pragma once

#include "shadowcat/sdk/command.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/result.hpp"

#include "colour.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shadowcat::watch {

class Invocation {
public:
    std::optional<std::string> help;  ///< To be printed instead of anything else.
    std::string proxy;                ///< A pid or a socket; empty: the only one.
    sdk::Json request;                ///< For the proxy: the verb and the filter.
    bool json = false;
    ColourChoice colour = ColourChoice::automatic;
};

/// Fails with `config` and what is wrong, in words for who typed it.
sdk::Result<Invocation> parse_invocation(const std::vector<std::string>& arguments);

/// What can follow, for completions.
std::vector<sdk::CommandWord> invocation_words();

}  // namespace shadowcat::watch
