// SPDX-License-Identifier: Apache-2.0
// LogFile: the file, pipe or terminal that lines go to.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::access_log {

/// Used by one thread at a time. Writing may take as long as the disk takes; a pipe that nobody
/// reads makes it return after a moment.
class LogFile {
public:
    /// `path` may be `stdout` or `stderr`. `max_bytes` 0: no rotation.
    LogFile(std::string path, std::uint64_t max_bytes, unsigned keep);
    ~LogFile();
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    /// Opens the path, anew if it is open; a file that is new gets the mode 0640. On failure
    /// (`config`, naming the path) what was open stays so.
    sdk::Result<void> open();
    void close() noexcept;

    /// How far `write` came, and why not further: an `errno`, `EAGAIN` when it may simply go on.
    class Written {
    public:
        Written(std::size_t count, int why) : bytes(count), error(why) {}

        std::size_t bytes;
        int error;
    };

    /// Appends whole lines, rotating between them when it is time. After a failure the next call
    /// brings the rest, beginning where this one ended.
    Written write(std::string_view text);

    /// True when what was written last ends in the middle of a line.
    bool mid_line() const noexcept { return mid_line_; }

    const std::string& path() const noexcept { return path_; }

private:
    void adopt(int descriptor);
    std::string_view next_piece(std::string_view text);
    bool ready() const;
    void rotate();

    std::string path_;
    std::uint64_t max_bytes_;
    unsigned keep_;
    int descriptor_ = -1;
    bool regular_ = false;
    bool mid_line_ = false;
    std::uint64_t size_ = 0;
    std::uint64_t rotate_at_ = 0;
};

}  // namespace shadowcat::access_log
