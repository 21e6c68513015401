// SPDX-License-Identifier: Apache-2.0
// `tape delete`: removes tapes with all their parts and metadata.
#pragma once

#include "cli/console.hpp"
#include "cli/tape_choice.hpp"

#include <functional>
#include <string>
#include <vector>

namespace shadowcat::tape {

class DeleteOptions {
public:
    std::vector<std::string> tapes;
    bool force = false;  ///< don't ask, and delete what is still recorded or can't be read
};

/// Asks on the terminal. Null: there is none, and nothing is asked.
using Question = std::function<bool(const std::string& sentence)>;

/// A question on standard error, answered on standard input; null when that is no terminal.
Question terminal_question(Console& console);

/// Gives the exit code.
int run_delete(const DeleteOptions& options, const TapeChoice& choice, Console& console,
               const Question& ask);

}  // namespace shadowcat::tape
