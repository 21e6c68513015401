// SPDX-License-Identifier: Apache-2.0
// Letting somebody edit a text in the editor of his choice.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::intercept {

/// `command` as words: white space separates them, except within quotes. Nothing else has a
/// meaning. Empty when a quote isn't closed.
std::vector<std::string> words_of(std::string_view command);

/// Runs `program` (searched for in PATH) and waits for its end; meanwhile Ctrl-C is its own matter.
/// Fails when it can't be run or ends otherwise than with 0.
sdk::Result<void> run_program(const std::vector<std::string>& program);

/// A file that only its owner can read. The destructor removes it, unless `keep` was called.
class DraftFile {
public:
    /// Throws `std::runtime_error`.
    explicit DraftFile(std::string_view text);
    DraftFile(const DraftFile&) = delete;
    DraftFile& operator=(const DraftFile&) = delete;
    ~DraftFile();

    const std::string& path() const noexcept { return path_; }
    sdk::Result<std::string> text() const;
    void keep() noexcept { kept_ = true; }

private:
    std::string path_;
    bool kept_ = false;
};

/// All of a file, or of stdin (`-`).
sdk::Result<std::string> text_of_file(const std::string& path);

}  // namespace shadowcat::intercept
