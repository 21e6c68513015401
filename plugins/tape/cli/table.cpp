// SPDX-License-Identifier: Apache-2.0
// Aligns columns.
#include "cli/table.hpp"

#include <algorithm>
#include <cstdint>

namespace shadowcat::tape {

namespace {

constexpr std::string_view kBetween = "  ";

bool is_wide(std::uint32_t code) {
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
           (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
           (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
}

}  // namespace

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        code = (byte & 0xC0) == 0x80 ? (code << 6) | (byte & 0x3F)
               : byte < 0x80         ? byte
               : byte < 0xE0         ? byte & 0x1F
               : byte < 0xF0         ? byte & 0x0F
                                     : byte & 0x07;
        const bool last = i + 1 == text.size() || (text[i + 1] & 0xC0) != 0x80;
        if (last) columns += is_wide(code) ? 2 : 1;
    }
    return columns;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
    const std::size_t columns = columns_of(text);
    const std::string spaces(columns < width ? width - columns : 0, ' ');
    return right ? spaces + std::string(text) : std::string(text) + spaces;
}

Table::Table(std::vector<std::string> titles) : titles_(std::move(titles)) {
    for (std::string& title : titles_) {
        right_.push_back(title.starts_with('>'));
        if (right_.back()) title.erase(0, 1);
    }
}

void Table::print(std::ostream& out, const Style& style, std::string_view indent) const {
    const std::vector<std::size_t> columns = widths();
    out << indent << style.paint(Colour::bold, line(titles_, columns)) << '\n';
    for (const auto& row : rows_)
        out << indent << line(row, columns) << '\n';
}

std::vector<std::size_t> Table::widths() const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < titles_.size(); ++i) {
        out.push_back(columns_of(titles_[i]));
        for (const auto& row : rows_)
            out.back() = std::max(out.back(), columns_of(row[i]));
    }
    return out;
}

std::string Table::line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) text += kBetween;
        text += padded(cells[i], widths[i], right_[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace shadowcat::tape
