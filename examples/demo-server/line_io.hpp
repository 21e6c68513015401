// SPDX-License-Identifier: Apache-2.0
// Newline-framed text on file descriptors: MCP's stdio framing, without any JSON.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace demo {

/// Reads lines; keeps at most one line of `max_line` bytes in memory.
class LineReader {
public:
    LineReader(int fd, std::size_t max_line) : fd_(fd), max_line_(max_line) {}

    struct Line {
        std::string text;
        bool too_long = false;
    };

    /// The next line without its ending, nothing at end of file. A line beyond the limit is
    /// skipped to its end and reported as `too_long`. A last line may lack its newline.
    std::optional<Line> next();

private:
    bool fill();
    void take(std::string_view part, Line& line) const;

    int fd_;
    std::size_t max_line_;
    std::string buffer_;
    std::size_t begin_ = 0;
};

/// Writes whole lines; any thread may call it.
class LineWriter {
public:
    explicit LineWriter(int fd) : fd_(fd) {}

    /// False once the reader at the other end is gone.
    bool write(std::string text);

private:
    int fd_;
    std::mutex mutex_;
};

}  // namespace demo
