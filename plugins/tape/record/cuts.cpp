// SPDX-License-Identifier: Apache-2.0
// Copies what stays, in one pass.
#include "record/cuts.hpp"

#include <algorithm>

namespace shadowcat::tape {

void Cuts::add(std::string_view piece, std::string replacement) {
    const auto offset = static_cast<std::size_t>(piece.data() - text_.data());
    cuts_.emplace_back(offset, piece.size(), std::move(replacement));
}

std::string Cuts::applied() {
    std::ranges::stable_sort(cuts_, [](const Cut& a, const Cut& b) {
        return a.offset != b.offset ? a.offset < b.offset : a.size > b.size;
    });
    std::string out;
    out.reserve(text_.size());
    std::size_t done = 0;
    for (const Cut& cut : cuts_) {
        if (cut.offset < done) continue;
        out.append(text_, done, cut.offset - done).append(cut.replacement);
        done = cut.offset + cut.size;
    }
    return out.append(text_, done);
}

}  // namespace shadowcat::tape
