// SPDX-License-Identifier: Apache-2.0
// TextEdits: several changes to one JSON text, found first and made at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::core {

/// Views given to it are parts of the text that it was made for, which outlives it. What is not
/// named stays, byte by byte.
class TextEdits {
public:
    explicit TextEdits(std::string_view text) : text_(text) {}

    /// Removes the member whose value is `value`, with its comma. A key whose text isn't `key`
    /// (because it has escapes) stays.
    void cut(std::string_view key, std::string_view value);

    /// Puts `replacement` in the place of `part`.
    void replace(std::string_view part, std::string replacement);

    /// Puts `member` in front of those of `object`.
    void add(std::string_view object, std::string member);

    bool empty() const noexcept { return edits_.empty(); }

    /// The text with all changes; nothing more is done with this object.
    std::string apply();

private:
    enum class Kind : std::uint8_t { cut, replace, add };
    class Edit {
    public:
        Edit(Kind what, std::size_t begin, std::size_t length, std::string with)
            : kind(what), offset(begin), size(length), text(std::move(with)) {}
        Kind kind;
        std::size_t offset;
        std::size_t size;
        std::string text;
    };

    static void make(const Edit& edit, std::string& text);

    std::size_t offset_of(std::string_view part) const noexcept {
        return static_cast<std::size_t>(part.data() - text_.data());
    }

    std::string_view text_;
    std::vector<Edit> edits_;
};

}  // namespace shadowcat::core
