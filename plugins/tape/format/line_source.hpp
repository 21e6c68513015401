// SPDX-License-Identifier: Apache-2.0
// LineSource: a file's lines, one at a time, in bounded memory.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace shadowcat::tape {

/// Blocking. At the end it may be asked again: the file may have grown.
class LineSource {
public:
    /// Fails with `unreachable`, naming the file. Only regular files can be read.
    static sdk::Result<LineSource> open(const std::filesystem::path& file, std::size_t max_line);

    LineSource(LineSource&& other) noexcept;
    LineSource& operator=(LineSource&& other) noexcept;
    ~LineSource();

    enum class Found : std::uint8_t {
        line,
        end,      ///< nothing more at the moment
        torn,     ///< a beginning of a line; read again once there is more
        too_long  ///< a line that was skipped
    };

    /// `line`: without its line feed, valid until the next call; `LineParser::kPadding` bytes
    /// behind it may be read.
    Found next(std::string_view& line);

    /// Of the line that was found last.
    std::uint64_t offset() const noexcept { return offset_; }
    std::uint64_t number() const noexcept { return number_; }

    /// The offset behind it.
    std::uint64_t consumed() const noexcept { return base_ + begin_; }

    /// Of the file, as it is now.
    std::uint64_t size() const noexcept;

    /// Goes to the line that begins at `offset` and is the `number`th.
    void seek(std::uint64_t offset, std::uint64_t number) noexcept;

private:
    LineSource(int descriptor, std::size_t max_line);
    bool fill();
    void make_room();
    Found skip_line();
    std::string_view take(std::size_t length);

    int descriptor_ = -1;
    std::size_t max_line_ = 0;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::uint64_t base_ = 0;  // offset in the file of the buffer's first byte
    std::size_t begin_ = 0;   // what is unread of the buffer
    std::size_t end_ = 0;
    std::size_t searched_ = 0;  // no line feed before it
    std::uint64_t offset_ = 0;
    std::uint64_t number_ = 0;
};

}  // namespace shadowcat::tape
