// SPDX-License-Identifier: Apache-2.0
// Cuts: pieces of a text that others take the place of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

class Cuts {
public:
    /// `text` outlives the cuts and isn't changed meanwhile.
    explicit Cuts(std::string_view text) : text_(text) {}

    /// `piece` points into the text. What lies within another cut has no effect.
    void add(std::string_view piece, std::string replacement);

    bool empty() const noexcept { return cuts_.empty(); }
    std::string applied();

private:
    class Cut {
    public:
        Cut(std::size_t at, std::size_t length, std::string text)
            : offset(at), size(length), replacement(std::move(text)) {}
        std::size_t offset;
        std::size_t size;
        std::string replacement;
    };

    std::string_view text_;
    std::vector<Cut> cuts_;
};

}  // namespace shadowcat::tape
