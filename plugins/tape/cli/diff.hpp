// SPDX-License-Identifier: Apache-2.0
// `tape diff`: what is different between two tapes.
#pragma once

#include "cli/console.hpp"
#include "cli/tape_choice.hpp"
#include "format/ignored.hpp"

#include <string>

namespace shadowcat::tape {

class DiffOptions {
public:
    std::string a, b;
    Ignored ignored;
    bool json = false;
};

/// Gives the exit code: 0 the same, 1 different, 2 a tape can't be read.
int run_diff(const DiffOptions& options, const TapeChoice& choice, Console& console);

}  // namespace shadowcat::tape
