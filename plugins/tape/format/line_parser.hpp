// SPDX-License-Identifier: Apache-2.0
// LineParser: what one line of a tape says. Pure; knows no files.
#pragma once

#include "format/tape_line.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::tape {

class LineParser {
public:
    /// Behind a text there must be this many bytes that may be read.
    static constexpr std::size_t kPadding = 64;

    LineParser();
    LineParser(LineParser&&) noexcept;
    LineParser& operator=(LineParser&&) noexcept;
    ~LineParser();

    /// Fills `line` in, except its number and offset. Gives what is wrong (half a sentence) with a
    /// line that is none. A type that isn't known makes it `unknown`, and nothing else.
    std::optional<std::string> parse(std::string_view text, TapeLine& line);

    /// As `parse`, for the first line of a tape or of a part of it.
    std::optional<std::string> parse_init(std::string_view text, TapeInit& init);

    /// A frame's number and time, found without a look at its message; nothing for other lines.
    class Position {
    public:
        Position(std::uint64_t number, double time) : seq(number), ts_ms(time) {}
        std::uint64_t seq;
        double ts_ms;
    };
    std::optional<Position> position(std::string_view text);

private:
    class Validator;
    bool split(std::string_view text);

    std::unique_ptr<Validator> validator_;
    std::string without_message_;  // the line's other members
    std::string_view message_;     // JSON text
    std::string_view raw_;         // JSON string
    std::string_view id_;
};

}  // namespace shadowcat::tape
