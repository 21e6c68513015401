// SPDX-License-Identifier: Apache-2.0
// LineFramer: cuts a stream of bytes into lines. No I/O: the part worth unit-testing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace transport_tcp {

/// Holds at most one line of `max_line` bytes; a longer one is skipped to its end.
class LineFramer {
public:
    explicit LineFramer(std::size_t max_line) : max_line_(max_line) {}

    /// Takes what was received.
    void append(std::string_view bytes);

    /// The next whole line without its ending, or nothing yet. Empty lines are left out.
    std::optional<std::string> next();

    /// How many lines were too long.
    std::size_t skipped() const noexcept { return skipped_; }

private:
    std::optional<std::string> take_line();
    void forget_taken();

    std::size_t max_line_;
    std::size_t begin_ = 0;    // of the line that is being received
    std::size_t scanned_ = 0;  // no line ending before this
    std::size_t skipped_ = 0;
    bool skipping_ = false;
    std::string buffer_;
};

}  // namespace transport_tcp
