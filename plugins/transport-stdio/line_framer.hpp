// SPDX-License-Identifier: Apache-2.0
// LineFramer: cuts a stream of bytes into lines; no I/O, bounded memory.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::transport_stdio {

/// Read into `prepare()`, say how much with `commit`, take lines with `next` until there are none.
/// A line ends at '\n' (a '\r' before it is dropped), blank lines are skipped, unless lines are
/// kept as they are. A line over the limit is dropped and counted, and framing goes on behind it.
///
/// Small lines are copied once, from the buffer into the string that becomes the message; a line
/// that outgrows the buffer gathers in its own string, so that memory goes away with the message.
class LineFramer {
public:
    static constexpr std::size_t kSmallBuffer = 16 * 1024;
    static constexpr std::size_t kLargeBuffer = 64 * 1024;  // what a pipe holds

    explicit LineFramer(std::size_t max_line, bool keeps_all = false)
        : max_line_(max_line), keeps_all_(keeps_all) {}

    /// Where to read to. Call it when `next` has returned nothing.
    std::span<char> prepare();
    void commit(std::size_t count) { end_ += count; }

    /// No more bytes will come: what is left counts as a line.
    void end() { ended_ = true; }

    /// The next whole line, without its end.
    std::optional<std::string> next();

    static bool is_blank(std::string_view line) noexcept {
        return line.find_first_not_of(" \t\r") == std::string_view::npos;
    }

    /// How many lines were found too long since the last call; each counts once, as soon as it is.
    std::size_t take_oversized();

    /// Forgets everything that was read.
    void clear();

private:
    std::optional<std::string> complete(std::string_view piece);
    std::optional<std::string> finish();
    void stash(std::string_view piece);
    void reserve_for(std::size_t more);
    void resize_buffer();

    std::size_t max_line_;
    bool keeps_all_;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0, end_ = 0;  // what was read and not yet looked at
    std::string partial_;              // the beginning of a line that is not complete
    std::size_t oversized_ = 0;
    bool discarding_ = false;  // inside a line over the limit
    bool wants_large_ = false;
    bool ended_ = false;
};

}  // namespace shadowcat::transport_stdio
