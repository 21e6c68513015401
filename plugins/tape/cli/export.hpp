// SPDX-License-Identifier: Apache-2.0
// `tape export`: a tape for other programs.
#pragma once

#include "cli/console.hpp"
#include "cli/tape_choice.hpp"

#include <string>

namespace shadowcat::tape {

class ExportOptions {
public:
    enum class Format : std::uint8_t { har, json, curl, postman };

    std::string tape;
    Format format = Format::json;
    std::string output;  ///< empty: the standard output
    std::string url;     ///< empty: the server's if it is on the tape, else a local one
    bool force = false;
};

/// Gives the exit code.
int run_export(const ExportOptions& options, const TapeChoice& choice, Console& console);

}  // namespace shadowcat::tape
