// SPDX-License-Identifier: Apache-2.0
// Completion scripts, written from the same declarations that are parsed.
#pragma once

#include <string>

namespace shadowcat::core {

/// The script for `shell` (bash, zsh or fish); empty for any other.
std::string completion_script(const std::string& shell);

}  // namespace shadowcat::core
