// SPDX-License-Identifier: Apache-2.0
// The rules of thumb that tell a block from a braced initialiser and a lambda from a subscript.
#include "brackets.hpp"

#include <algorithm>
#include <string_view>

namespace shadowcat::lint {
namespace {

const Words kBeforeBlock = {"else",  "do",      "try",      "const",     "noexcept", "override",
                            "final", "mutable", "volatile", "constexpr", "consteval"};
const Words kLambdaSpecifiers = {"mutable", "noexcept", "constexpr", "consteval", "static"};
const Words kBeforeLambda = {"return", "co_return", "co_await", "co_yield", "throw", "else", "do"};
const Words kAfterIntroducer = {"(",      "{",         "<",        "->",
                                "[",      "mutable",   "noexcept", "constexpr",
                                "static", "consteval", "requires"};
const Words kControl = {"if", "for", "while", "switch", "catch"};
const Words kBlockHeads = {"class", "struct", "union", "enum", "namespace", "requires"};
const Words kTypePunctuation = {"::", "<", ">", ",", "*", "&"};

char closing(std::string_view open) { return open == "(" ? ')' : open == "[" ? ']' : '}'; }

std::vector<std::size_t> match(const std::vector<Token>& tokens) {
    std::vector<std::size_t> partners(tokens.size(), Brackets::kNone);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (one_of(tokens[i], {"(", "[", "{"})) open.push_back(i);
        if (!one_of(tokens[i], {")", "]", "}"}) || open.empty()) continue;
        // A brace closes what was left open inside it, as the branches of an #if may do.
        while (tokens[i].is("}") && open.size() > 1 && !tokens[open.back()].is("{"))
            open.pop_back();
        if (closing(tokens[open.back()].text) != tokens[i].text[0]) continue;
        partners[i] = open.back();
        partners[open.back()] = i;
        open.pop_back();
    }
    return partners;
}

}  // namespace

Brackets::Brackets(const std::vector<Token>& tokens) : tokens_(tokens), partners_(match(tokens)) {}

bool Brackets::is(std::size_t index, const char* text) const {
    return index < tokens_.size() && tokens_[index].is(text);
}

bool Brackets::is_word(std::size_t index) const {
    return index < tokens_.size() && tokens_[index].kind == TokenKind::word;
}

BraceKind Brackets::kind(std::size_t index, std::size_t begin, bool nested) const {
    if (index == begin || index == 0) return BraceKind::block;
    if (opens_lambda_body(index, begin)) return BraceKind::lambda_body;
    if (holds_statements(index)) return BraceKind::block;
    if (nested) return BraceKind::initializer;
    return opens_block(index, begin) ? BraceKind::block : BraceKind::initializer;
}

/// A `;` directly inside: no initialiser has one.
bool Brackets::holds_statements(std::size_t open) const {
    const auto close = partners_[open];
    if (close == kNone) return true;
    for (auto i = open + 1; i < close; ++i) {
        if (tokens_[i].is(";")) return true;
        if (one_of(tokens_[i], {"(", "[", "{"}) && partners_[i] != kNone) i = partners_[i];
    }
    return false;
}

bool Brackets::opens_block(std::size_t index, std::size_t begin) const {
    const auto before = index - 1;
    const auto& token = tokens_[before];
    if (token.is(")")) {
        const auto open = partners_[before];
        return open == kNone || open == 0 || !is(open - 1, "decltype");
    }
    if (one_of(token, {"}", ":", "&"}) || one_of(token, kBeforeBlock)) return true;
    if (token.kind == TokenKind::literal) return is(begin, "extern");
    if (ends_attribute(before)) return true;
    return before_trailing_return(index, begin) != kNone || has_block_head(begin, index);
}

/// `class X`, `namespace a::b`, `template <class T> requires …`: the braces that follow are a
/// block.
bool Brackets::has_block_head(std::size_t begin, std::size_t end) const {
    std::size_t angles = 0;
    bool in_template_list = is(begin, "template");
    for (auto i = begin; i < end; ++i) {
        if (one_of(tokens_[i], {"(", "["}) && partners_[i] != kNone && partners_[i] < end) {
            i = partners_[i];
        } else if (in_template_list) {
            if (tokens_[i].is("<")) ++angles;
            if (tokens_[i].is(">") && --angles == 0) in_template_list = is(i + 1, "template");
        } else if (tokens_[i].is("=")) {
            return false;
        } else if (one_of(tokens_[i], kBlockHeads)) {
            return true;
        }
    }
    return false;
}

bool Brackets::opens_lambda_body(std::size_t index, std::size_t begin) const {
    const auto arrow = before_trailing_return(index, begin);
    auto i = (arrow == kNone ? index : arrow) - 1;
    while (i > begin) {
        const auto open = partners_[i];
        if (one_of(tokens_[i], kLambdaSpecifiers)) {
            --i;
        } else if (ends_attribute(i)) {
            i = open - 1;
        } else if (tokens_[i].is(")") && open != kNone && open > begin) {
            i = open - 1;
            if (!one_of(tokens_[i], {"noexcept", "requires"})) break;
            --i;
        } else {
            break;
        }
    }
    i = before_template_list(i, begin);
    return is(i, "]") && partners_[i] != kNone && introduces_lambda(partners_[i], begin);
}

std::size_t Brackets::before_template_list(std::size_t index, std::size_t begin) const {
    if (!is(index, ">")) return index;
    std::size_t angles = 0;
    for (auto i = index; i > begin; --i) {
        if (tokens_[i].is(">")) ++angles;
        if (tokens_[i].is("<") && --angles == 0) return i - 1;
    }
    return index;
}

/// The index of the `->` if a trailing return type ends right before `index`.
std::size_t Brackets::before_trailing_return(std::size_t index, std::size_t begin) const {
    for (auto i = index - 1; i > begin; --i) {
        if (tokens_[i].is("->")) {
            const auto& before = tokens_[i - 1];
            const bool ends_declarator = one_of(before, {")", "]", "const", "&"});
            return ends_declarator || one_of(before, kLambdaSpecifiers) ? i : kNone;
        }
        if (one_of(tokens_[i], {")", "]"}) && partners_[i] != kNone) {
            i = std::max(partners_[i], begin + 1);
        } else if (!is_word(i) && tokens_[i].kind != TokenKind::number &&
                   !one_of(tokens_[i], kTypePunctuation)) {
            return kNone;
        }
    }
    return kNone;
}

bool Brackets::ends_attribute(std::size_t index) const {
    return index > 0 && is(index, "]") && is(index - 1, "]") && partners_[index] != kNone &&
           partners_[index - 1] == partners_[index] + 1;
}

/// `auto [a, b]`, `auto& [a, b]`, `auto&& [a, b]`.
bool Brackets::binds_names(std::size_t index) const {
    auto before = index - 1;
    while (before > 0 && is(before, "&"))
        --before;
    return is(before, "auto");
}

bool Brackets::introduces_lambda(std::size_t index, std::size_t begin) const {
    const auto close = partners_[index];
    if (close == kNone || close + 1 >= tokens_.size()) return false;
    if (!one_of(tokens_[close + 1], kAfterIntroducer)) return false;
    if (is(index + 1, "[") && ends_attribute(close)) return false;
    if (index == begin || index == 0) return true;
    const auto& before = tokens_[index - 1];
    if (before.kind == TokenKind::word) return one_of(before, kBeforeLambda);
    if (before.kind != TokenKind::punctuation || binds_names(index)) return false;
    return !one_of(before, {")", "]", "}", ">"});
}

bool Brackets::closes_control_head(std::size_t index) const {
    const auto open = partners_[index];
    if (open == kNone || open == 0) return false;
    const bool is_constexpr = open > 1 && is(open - 1, "constexpr");
    return one_of(tokens_[is_constexpr ? open - 2 : open - 1], kControl);
}

}  // namespace shadowcat::lint
