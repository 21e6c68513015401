// SPDX-License-Identifier: Apache-2.0
// Where tapes are, and what they are called.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace shadowcat::tape {

/// The directory of tapes when none is named: `$SHADOWCAT_TAPES`, else
/// `$XDG_STATE_HOME/shadowcat/tapes`, else `~/.local/state/shadowcat/tapes`.
std::filesystem::path default_tape_directory();

/// The tape that `wanted` means: a path to a file, or the id (or the unambiguous beginning of one)
/// of a tape in `directory`. An id never leads out of the directory. Fails with `config` and one
/// sentence.
sdk::Result<std::filesystem::path> find_tape(const std::string& wanted,
                                             const std::filesystem::path& directory);

/// The first parts of all tapes in `directory`, newest first.
std::vector<std::filesystem::path> tapes_in(const std::filesystem::path& directory);

}  // namespace shadowcat::tape
