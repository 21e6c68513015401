// SPDX-License-Identifier: Apache-2.0
// TextPattern: how rules name methods, tools, sessions and upstreams.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>

namespace shadowcat::intercept {

/// Three forms of one string: `/…/` is an RE2 expression that matches anywhere in the text (`/…/i`
/// without regard to case); with `*` (any characters, also `/`) or `?` (one character) it is a glob
/// of the whole text; anything else is the text itself.
class TextPattern {
public:
    /// Fails with `config` and RE2's words.
    static sdk::Result<TextPattern> parse(const std::string& text);

    bool matches(std::string_view text) const;

    /// The text, when only that matches; else null.
    const std::string* exact() const noexcept { return expression_ ? nullptr : &text_; }

private:
    std::string text_;
    std::shared_ptr<const RE2> expression_;  // shared: patterns are immutable and copied as values
};

/// `expression` compiled; fails with `config` and RE2's words.
sdk::Result<std::shared_ptr<const RE2>> compile_expression(const std::string& expression,
                                                           bool case_sensitive = true);

inline re2::StringPiece piece_of(std::string_view text) {
    return re2::StringPiece(text.data(), text.size());
}

}  // namespace shadowcat::intercept
