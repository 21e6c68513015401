// SPDX-License-Identifier: Apache-2.0
// LinePen: writes the many short pieces of a line, and the string that they go to grows seldom.
#pragma once

#include "format/json_text.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// Appends to a string, which has everything once `end_line` or `flush` was called. What is known
/// when this is compiled (names of members with their punctuation) is copied in a few instructions.
class LinePen {
public:
    explicit LinePen(std::string& out) : out_(out) {}
    LinePen(const LinePen&) = delete;
    LinePen& operator=(const LinePen&) = delete;

    template <std::size_t N>
    LinePen& literal(const char (&text)[N]) {
        make_room(N - 1);
        std::memcpy(at_, text, N - 1);
        at_ += N - 1;
        return *this;
    }

    LinePen& raw(std::string_view text) {
        if (text.empty()) return *this;
        if (text.size() > kRoom / 2) {
            flush();
            out_ += text;
            return *this;
        }
        make_room(text.size());
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
        return *this;
    }

    /// As a JSON string.
    LinePen& quoted(std::string_view text) {
        if (is_plain(text)) return literal("\"").raw(text).literal("\"");
        flush();
        append_quoted(out_, text);
        return *this;
    }

    LinePen& number(std::uint64_t value) {
        make_room(kDigits);
        at_ = std::to_chars(at_, at_ + kDigits, value).ptr;
        return *this;
    }

    /// Three decimals at most.
    LinePen& milliseconds(double value) {
        make_room(kDigits + 4);
        at_ = print_milliseconds(at_, value);
        return *this;
    }

    void end_line() {
        literal("}\n");
        flush();
    }

    void flush() {
        out_.append(text_, static_cast<std::size_t>(at_ - text_));
        at_ = text_;
    }

private:
    static constexpr std::size_t kRoom = 1024;
    static constexpr std::size_t kDigits = 20;

    void make_room(std::size_t bytes) {
        if (static_cast<std::size_t>(text_ + kRoom - at_) < bytes) flush();
    }

    std::string& out_;
    char* at_ = text_;
    char text_[kRoom];  // not cleared: only what was written is read
};

}  // namespace shadowcat::tape
