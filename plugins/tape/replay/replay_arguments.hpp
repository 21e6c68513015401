// SPDX-License-Identifier: Apache-2.0
// The command line of `shadowcat replay`.
#pragma once

#include "shadowcat/sdk/command.hpp"
#include "shadowcat/sdk/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shadowcat::tape {

class ReplayArguments {
public:
    ReplayArguments() = default;

    /// Fails with `config` and one sentence for people.
    static sdk::Result<ReplayArguments> parse(const std::vector<std::string>& arguments);

    std::string help;  ///< not empty: print it, do nothing else

    std::string tape;
    std::string directory;
    bool allow_redacted = false;

    // Serving.
    std::string listen;
    std::string timing = "instant";
    std::optional<double> speed;
    std::string match = "normalised";
    std::string on_no_match = "error";
    std::string log_level;

    // Verifying.
    bool verify = false;
    bool call_tools = false;
    std::vector<std::string> ignored;
    std::string junit;
    std::size_t timeout_secs = 30;

    std::string upstream;  ///< URL or command line; to verify, or where nothing matches
    std::optional<std::vector<std::string>> command;  ///< behind `--`
};

/// What can follow `replay`, for completions.
std::vector<sdk::CommandWord> replay_words();

}  // namespace shadowcat::tape
