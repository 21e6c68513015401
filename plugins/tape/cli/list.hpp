// SPDX-License-Identifier: Apache-2.0
// `tape list`: the tapes of a directory.
#pragma once

#include "cli/console.hpp"
#include "cli/tape_choice.hpp"

#include <cstdint>

namespace shadowcat::tape {

class ListOptions {
public:
    enum class Order : std::uint8_t { created, size, frames };

    bool json = false;
    Order order = Order::created;
    std::uint64_t limit = 0;  ///< 0: all
};

/// Gives the exit code.
int run_list(const ListOptions& options, const TapeChoice& choice, Console& console);

}  // namespace shadowcat::tape
