// SPDX-License-Identifier: Apache-2.0
// Colours and cuts.
#include "styled_line.hpp"

#include "safe_text.hpp"

#include <array>

namespace shadowcat::watch {

namespace {

constexpr std::string_view kUsual = "\x1b[0m";

/// By `Tone`.
constexpr std::array<std::string_view, 8> kColours = {
    "", "\x1b[2m", "\x1b[1m", "\x1b[36m", "\x1b[35m", "\x1b[32m", "\x1b[33m", "\x1b[31m"};

std::string painted(Tone tone, std::string_view text, bool colour) {
    const std::string_view begin = kColours[static_cast<std::size_t>(tone)];
    if (!colour || begin.empty() || text.empty()) return std::string(text);
    return std::string(begin) + std::string(text) + std::string(kUsual);
}

}  // namespace

void StyledLine::add(Tone tone, std::string_view text) { pieces_.emplace_back(tone, safe(text)); }

void StyledLine::word(Tone tone, std::string_view text) {
    if (text.empty()) return;
    add(Tone::plain, " ");
    add(tone, text);
}

void StyledLine::apart(Tone tone, std::string_view text) {
    if (text.empty()) return;
    add(Tone::plain, "  ");
    add(tone, text);
}

std::size_t StyledLine::columns() const {
    std::size_t sum = 0;
    for (const Piece& piece : pieces_)
        sum += columns_of(piece.text);
    return sum;
}

std::string StyledLine::render(const Look& look) const {
    const bool cut = look.width > 0 && columns() > look.width;
    std::size_t room = cut ? look.width - 1 : columns();
    std::string line;
    for (const Piece& piece : pieces_) {
        const std::string_view shown = fitting(piece.text, room);
        line += painted(piece.tone, shown, look.colour);
        if (shown.size() < piece.text.size()) break;
        room -= columns_of(shown);
    }
    if (cut) line += "…";
    return line;
}

}  // namespace shadowcat::watch
