// SPDX-License-Identifier: Apache-2.0
// TapeOutput: the files of one tape that is being written.
#pragma once

#include "format/part_name.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace shadowcat::tape {

/// Text is gathered in `text` and written by `flush`. What couldn't be written stays there, and the
/// next `flush` goes on exactly where the last one ended, so that a full disk tears no line.
/// Files: mode 0600, only appended to; symbolic links aren't followed.
class TapeOutput {
public:
    TapeOutput() = default;
    ~TapeOutput();
    TapeOutput(const TapeOutput&) = delete;
    TapeOutput& operator=(const TapeOutput&) = delete;

    /// Makes the file, which must not exist. Gives 0 or an `errno` (so do the following).
    int create(const std::filesystem::path& file);

    int flush();

    /// Goes on in the next part; `text` is empty.
    int next_part();

    /// Gives the descriptor back; the next `flush` opens the file again.
    void rest() noexcept;

    bool resting() const noexcept { return descriptor_ < 0; }

    /// The first part.
    const std::filesystem::path& file() const noexcept { return file_; }

    /// Of the part that is being written, with what is in `text`.
    std::uint64_t part_bytes() const noexcept { return written_ + text.size(); }

    std::string text;

private:
    int reopen();

    std::filesystem::path file_;
    std::filesystem::path part_file_;
    std::uint64_t part_ = 1;
    std::uint64_t written_ = 0;
    int descriptor_ = -1;
};

/// Makes the directory and those above it, with mode 0700. Gives 0 or an `errno`.
int make_directory(const std::filesystem::path& directory);

}  // namespace shadowcat::tape
