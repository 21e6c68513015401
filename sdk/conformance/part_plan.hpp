// SPDX-License-Identifier: Apache-2.0
// What the contract file says about one part.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::contract {

class PartPlan {
public:
    std::string kind;
    std::string name;
    std::vector<std::string> peer;   ///< command of the server to start first; may be empty
    std::vector<std::string> needs;  ///< plugins that offer what the part passes things on to
    sdk::Json config;
    sdk::Json unreachable;  ///< keys that replace those of `config` where nobody shall answer
    sdk::Json client;       ///< for listeners: `{connector, config}` that reaches `${ADDRESS}`
};

/// Reads the file; `${NAME}` comes from the environment, `${PEER}` is `peer`. Nothing, and lines on
/// stderr, when something is wrong with it.
std::optional<std::vector<PartPlan>> read_plans(const std::filesystem::path& file,
                                                const std::string& peer);

}  // namespace shadowcat::contract
