// SPDX-License-Identifier: Apache-2.0
// Table: columns of text.
#pragma once

#include "cli/console.hpp"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

/// Columns that a terminal needs for `text` (UTF-8, without escapes; wide characters count two).
std::size_t columns_of(std::string_view text);

/// `text` with spaces behind (or before) it, up to `width` columns.
std::string padded(std::string_view text, std::size_t width, bool right = false);

/// All rows are kept until they are printed: for tables of bounded length.
class Table {
public:
    /// A title that begins with `>` stands on the right, and its column with it.
    explicit Table(std::vector<std::string> titles);

    /// As many cells as there are titles; safe to print.
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    bool empty() const noexcept { return rows_.empty(); }

    void print(std::ostream& out, const Style& style, std::string_view indent = "") const;

private:
    std::vector<std::size_t> widths() const;
    std::string line(const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& widths) const;

    std::vector<std::string> titles_;
    std::vector<bool> right_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace shadowcat::tape
