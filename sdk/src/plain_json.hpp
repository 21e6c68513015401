// SPDX-License-Identifier: Apache-2.0
// PlainJson: knows the great majority of valid JSON texts for what they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// simdjson's second stage checks a text's grammar and builds a document on the way; nobody here
/// wants the document, and without it the check costs a third. This one never takes an invalid text
/// for a valid one. What it doesn't know (it has `\u` in it, or is nested deeply, or is no object)
/// or finds faulty it leaves to simdjson, which knows better and says what is wrong.
class PlainJson {
public:
    /// Deeper texts are not plain: one bit tells arrays from objects.
    static constexpr std::size_t kDeepest = 64;

    /// False for a text that may have escapes of other characters than JSON's own eight.
    static bool has_plain_escapes(std::string_view text) noexcept;

    /// `structurals`: simdjson's first stage found them in `text`, and nothing wrong with its
    /// strings but perhaps their escapes, which are plain.
    PlainJson(std::string_view text, const std::uint32_t* structurals, std::size_t count,
              std::size_t max_depth) noexcept
        : text_(text), at_(structurals), end_(structurals + count), max_depth_(max_depth) {}

    /// True for an object in which everything is as it must be. Once only.
    bool is_valid_object() noexcept;

private:
    enum class Expected : std::uint8_t {
        first_key,    ///< or the end of an empty object
        key,          ///< of another member
        first_value,  ///< or the end of an empty array
        value,
        separator,  ///< or the end of what is open
        end
    };

    bool step(char c) noexcept;
    bool take_key(char c) noexcept;
    bool take_value(char c) noexcept;
    bool take_separator(char c) noexcept;
    bool open(bool array) noexcept;
    bool close() noexcept;
    bool in_array() const noexcept { return (arrays_ & 1) != 0; }
    std::string_view scalar() const noexcept;

    std::string_view text_;
    const std::uint32_t* at_;
    const std::uint32_t* end_;
    const std::size_t max_depth_;
    std::size_t depth_ = 0;
    std::uint64_t arrays_ = 0;  // a bit for each level, the innermost is the lowest
    Expected expected_ = Expected::value;
};

}  // namespace shadowcat::sdk::inline v1
