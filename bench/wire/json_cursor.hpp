// SPDX-License-Identifier: Apache-2.0
// Walks over JSON text once, from left to right, and hands out raw bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace bench {

/// Checks the structure, numbers and literals, but neither UTF-8 nor control characters in
/// strings: enough to know whose text is broken, at the speed of `memchr` in long strings.
/// After a failure (false) the cursor is of no use any more.
class JsonCursor {
public:
    explicit JsonCursor(std::string_view text)
        : at_(text.data()), end_(text.data() + text.size()) {}

    /// The next character that is no blank; 0 at the end.
    char peek() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r'))
            ++at_;
        return at_ == end_ ? '\0' : *at_;
    }
    bool at_end() { return peek() == '\0' && at_ == end_; }

    /// A string's bytes between its quotes, escapes as they are.
    bool string(std::string_view& raw);

    /// Any value's bytes.
    bool value(std::string_view& raw);

    bool skip();

    /// Calls `on_member(key)` for each member; that must take the value from this cursor.
    template <class OnMember>
    bool object(OnMember&& on_member) {
        if (!take('{') || ++depth_ > kDeepest) return false;
        if (peek() == '}') return close();
        do {
            std::string_view key;
            if (!string(key) || !take(':') || !on_member(key)) return false;
        } while (take(','));
        return peek() == '}' && close();
    }

private:
    static constexpr int kDeepest = 128;

    bool take(char wanted) {
        if (peek() != wanted) return false;
        ++at_;
        return true;
    }
    bool close() {
        ++at_;
        --depth_;
        return true;
    }
    bool array();
    bool scalar();

    const char* at_;
    const char* end_;
    int depth_ = 0;
};

}  // namespace bench
