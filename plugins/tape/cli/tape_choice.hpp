// SPDX-License-Identifier: Apache-2.0
// TapeChoice: finds the tapes that arguments name.
#pragma once

#include "format/tape_reader.hpp"

#include <filesystem>
#include <string>

namespace shadowcat::tape {

class TapeChoice {
public:
    /// `directory`: of `--dir`; empty: the default.
    explicit TapeChoice(const std::string& directory);

    const std::filesystem::path& directory() const noexcept { return directory_; }

    /// True when it was named, not the default.
    bool named() const noexcept { return named_; }

    sdk::Result<std::filesystem::path> find(const std::string& tape) const;
    sdk::Result<TapeReader> open(const std::string& tape) const;

private:
    std::filesystem::path directory_;
    bool named_;
};

}  // namespace shadowcat::tape
