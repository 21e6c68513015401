// SPDX-License-Identifier: Apache-2.0
// A line of a tape as JSON text again.
#pragma once

#include "format/tape_line.hpp"

#include <string>

namespace shadowcat::tape {

/// Appends the line with its line feed: a frame byte by byte as a recorder writes it, any other
/// with its type first.
void append_tape_line(std::string& out, const TapeLine& line);

}  // namespace shadowcat::tape
