// SPDX-License-Identifier: Apache-2.0
// StyledLine: a line in the making, of pieces with colours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::watch {

/// How lines are to look.
class Look {
public:
    Look() = default;
    Look(bool with_colour, std::size_t columns) : colour(with_colour), width(columns) {}

    bool colour = false;
    std::size_t width = 0;  ///< Columns that a line may take; 0: as many as it needs.
};

/// What a piece of a line is, and so which colour it has.
enum class Tone : std::uint8_t { plain, dim, strong, outward, inward, good, warning, bad };

class StyledLine {
public:
    /// Appends a stranger's text, made safe.
    void add(Tone tone, std::string_view text);

    /// The same with a blank, or two, in front of it; nothing for an empty text.
    void word(Tone tone, std::string_view text);
    void apart(Tone tone, std::string_view text);

    /// The whole line without its end, cut to the width of `look` with "…" in the last column.
    std::string render(const Look& look) const;

private:
    class Piece {
    public:
        Piece(Tone its_tone, std::string safe_text) : tone(its_tone), text(std::move(safe_text)) {}

        Tone tone;
        std::string text;
    };

    std::size_t columns() const;
    std::vector<Piece> pieces_;
};

}  // namespace shadowcat::watch
