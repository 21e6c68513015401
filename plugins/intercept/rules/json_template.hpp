// SPDX-License-Identifier: Apache-2.0
// JsonTemplate: a value of a rules file with places for values of the message in hand.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "rules/pointer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::intercept {

/// In string values `${/pointer}` stands for what the pointer finds in the message: a string that
/// is nothing else becomes the value itself, whatever its type (null when there is none); within
/// other text a string appears as its characters, anything else as its JSON, nothing as nothing.
/// `$${/` is a plain `${/`.
class JsonTemplate {
public:
    /// `json` without white space between its tokens, as `json_of` makes it. Fails with `config`.
    static sdk::Result<JsonTemplate> parse(const std::string& json);

    /// Valid JSON; what comes from `message` keeps its digits and escapes.
    std::string fill(std::string_view message) const;

private:
    enum class Kind : std::uint8_t { text, value, part_of_string };
    class Piece {
    public:
        Kind kind = Kind::text;
        std::string text;
        Pointer pointer;
    };

    sdk::Result<void> take_string(std::string_view token);
    sdk::Result<void> add_pointer(Kind kind, std::string_view escaped);
    void add_text(std::string_view text);

    std::vector<Piece> pieces_;
};

}  // namespace shadowcat::intercept
