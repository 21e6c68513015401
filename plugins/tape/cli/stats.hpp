// SPDX-License-Identifier: Apache-2.0
// `tape stats`: latency per method and tool, bytes and rates.
#pragma once

#include "cli/console.hpp"
#include "cli/tape_choice.hpp"

#include <string>

namespace shadowcat::tape {

class StatsOptions {
public:
    std::string tape;
    bool json = false;
};

/// Gives the exit code.
int run_stats(const StatsOptions& options, const TapeChoice& choice, Console& console);

}  // namespace shadowcat::tape
