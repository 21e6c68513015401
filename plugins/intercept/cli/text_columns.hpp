// SPDX-License-Identifier: Apache-2.0
// TextColumns: a small table.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace shadowcat::intercept {

/// Keeps rows until it is printed. Cells are fit for a terminal.
class TextColumns {
public:
    explicit TextColumns(std::vector<std::string> titles) { add(std::move(titles)); }

    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    void print(std::ostream& out) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace shadowcat::intercept
