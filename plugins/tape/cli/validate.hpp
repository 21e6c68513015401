// SPDX-License-Identifier: Apache-2.0
// `tape validate`: all that is wrong with tapes.
#pragma once

#include "cli/console.hpp"
#include "cli/finding.hpp"
#include "cli/tape_choice.hpp"

#include <string>
#include <vector>

namespace shadowcat::tape {

class ValidateOptions {
public:
    std::vector<std::string> tapes;
    bool json = false;
};

/// What the reader found, as findings. `ended`: the tape has its end line; `has_gaps`: it says
/// itself that frames are missing.
void add_problems(const TapeReader& reader, bool ended, bool has_gaps, Findings& findings);

/// Gives the exit code: 1 when a tape has errors.
int run_validate(const ValidateOptions& options, const TapeChoice& choice, Console& console);

}  // namespace shadowcat::tape
