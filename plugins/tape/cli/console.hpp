// SPDX-License-Identifier: Apache-2.0
// Console: where a subcommand of `tape` writes to, and what can be shown there.
#pragma once

#include "shadowcat/sdk/command.hpp"

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace shadowcat::tape {

enum class Colour : std::uint8_t { plain, dim, bold, red, green, yellow, blue, cyan };

/// How text looks on the output.
class Style {
public:
    Style() = default;
    Style(bool with_colours, std::size_t columns) : colours(with_colours), width(columns) {}

    /// `text` in this colour, if there are colours.
    std::string paint(Colour colour, std::string_view text) const;

    bool colours = false;
    std::size_t width = 0;  ///< of a line, in columns; 0: nobody knows
};

class Console {
public:
    explicit Console(sdk::CommandContext& context);

    std::ostream& out() { return context_.out(); }
    std::ostream& errors() { return context_.errors(); }
    const Style& style() const noexcept { return style_; }
    bool shows_progress() const noexcept { return shows_progress_; }
    bool prints_to_terminal() const noexcept { return prints_to_terminal_; }

    /// Writes one line about what went wrong. Gives the exit code 1.
    int fail(const sdk::Error& error);
    int fail(std::string_view sentence);

    /// The same for wrong usage. Gives 2.
    int refuse(std::string_view sentence);

private:
    sdk::CommandContext& context_;
    bool prints_to_terminal_ = false;
    Style style_;
    bool shows_progress_ = false;
};

}  // namespace shadowcat::tape
