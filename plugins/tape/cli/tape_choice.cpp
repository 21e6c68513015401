// SPDX-License-Identifier: Apache-2.0
// Finds tapes.
#include "cli/tape_choice.hpp"

#include "format/tape_files.hpp"

namespace shadowcat::tape {

TapeChoice::TapeChoice(const std::string& directory)
    : directory_(directory.empty() ? default_tape_directory() : std::filesystem::path(directory)),
      named_(!directory.empty()) {}

sdk::Result<std::filesystem::path> TapeChoice::find(const std::string& tape) const {
    return find_tape(tape, directory_);
}

sdk::Result<TapeReader> TapeChoice::open(const std::string& tape) const {
    const auto file = find(tape);
    if (!file) return file.error();
    return TapeReader::open(*file);
}

}  // namespace shadowcat::tape
