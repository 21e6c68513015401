// SPDX-License-Identifier: Apache-2.0
// Cuts C++ source into tokens, so that no check trips over a comment, a string or a directive.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace shadowcat::lint {

enum class TokenKind { word, number, literal, punctuation };

/// `text` points into the source given to `tokenize`; `::` and `->` are one token, any other
/// punctuation is one character.
struct Token {
    TokenKind kind;
    std::string_view text;
    std::size_t line;

    bool is(std::string_view expected) const {
        return kind != TokenKind::literal && text == expected;
    }
};

using Words = std::initializer_list<std::string_view>;

inline bool one_of(const Token& token, const Words& words) {
    return std::any_of(words.begin(), words.end(), [&](auto word) { return token.is(word); });
}

struct Comment {
    std::string_view text;
    std::size_t line;
    bool alone;  ///< Nothing stands before it on its line.
};

struct Include {
    std::string_view path;
    std::size_t line;
};

struct TokenStream {
    std::vector<Token> tokens;
    std::vector<Comment> comments;
    std::vector<Include> includes;
};

/// Never fails: what does not parse as C++ becomes punctuation. Directives yield no tokens, except
/// that the body of a `#define` is one statement of its own.
TokenStream tokenize(std::string_view source);

}  // namespace shadowcat::lint
