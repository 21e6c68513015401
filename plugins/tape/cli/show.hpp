// SPDX-License-Identifier: Apache-2.0
// `tape show`: a tape for people, or its lines as they are.
#pragma once

#include "cli/console.hpp"
#include "cli/position.hpp"
#include "cli/tape_choice.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::tape {

class ShowOptions {
public:
    enum class Events : std::uint8_t { notable /** no heads and frames of HTTP */, all, none };

    std::string tape;
    std::optional<Position> from, to;
    std::vector<std::string> methods;  ///< `tools/call`, `notifications/*`; empty: all
    std::optional<sdk::Direction> direction;
    std::uint64_t limit = 0;  ///< frames; 0: all
    Events events = Events::notable;
    bool json = false;
    bool full = false;
    bool follow = false;
};

/// Gives the exit code.
int run_show(const ShowOptions& options, const TapeChoice& choice, Console& console);

}  // namespace shadowcat::tape
