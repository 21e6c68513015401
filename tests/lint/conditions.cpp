// SPDX-License-Identifier: Apache-2.0
// Finds the condition among the clauses of a head and tells a declaration from an expression.
#include "conditions.hpp"

namespace shadowcat::lint {
namespace {

const Words kHeads = {"if", "while", "switch", "for"};
const Words kInType = {"::", "<", ">", ",", "*", "&"};
const Words kBeforeName = {">", "*", "&", ")"};

struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
};

class Head {
public:
    Head(const std::vector<Token>& tokens, const Brackets& brackets, std::size_t open)
        : tokens_(tokens), brackets_(brackets), open_(open) {}

    /// Empty where there is none: a range-based for, a parenthesis that is no head.
    Range condition() const {
        if (brackets_.partner(open_) == Brackets::kNone || !one_of(keyword(), kHeads)) return {};
        const auto found = clauses();
        if (!keyword().is("for")) return found.back();
        return found.size() == 3 ? found[1] : Range{};
    }

    /// Whether the token at `index` comes after `type name =`, or `type name {`, at `begin`.
    bool declares(std::size_t begin, std::size_t index) const {
        if (tokens_[begin].kind != TokenKind::word && !tokens_[begin].is("::")) return false;
        for (auto i = begin; i < index; ++i) {
            if (one_of(tokens_[i], {"=", "{"})) return ends_declarator(begin, i);
            if (binds_names(i) || follows_decltype(i)) {
                i = brackets_.partner(i);
                if (i == Brackets::kNone) return false;
            } else if (!is_part_of_type(tokens_[i])) {
                return false;
            }
        }
        return false;
    }

private:
    Token keyword() const {
        if (open_ == 0) return tokens_[open_];
        const bool is_constexpr = open_ > 1 && tokens_[open_ - 1].is("constexpr");
        return tokens_[is_constexpr ? open_ - 2 : open_ - 1];
    }

    std::vector<Range> clauses() const {
        std::vector<Range> result;
        auto begin = open_ + 1;
        const auto close = brackets_.partner(open_);
        for (auto i = begin; i < close; ++i) {
            const auto partner = brackets_.partner(i);
            if (partner != Brackets::kNone && partner > i) i = partner;
            if (!tokens_[i].is(";")) continue;
            result.push_back({begin, i});
            begin = i + 1;
        }
        result.push_back({begin, close});
        return result;
    }

    /// `auto [a, b]`, `auto&& [a, b]`.
    bool binds_names(std::size_t index) const {
        return tokens_[index].is("[") && one_of(tokens_[index - 1], {"auto", "&"});
    }

    bool follows_decltype(std::size_t index) const {
        return tokens_[index].is("(") && tokens_[index - 1].is("decltype");
    }

    static bool is_part_of_type(const Token& token) {
        return token.kind == TokenKind::word || token.kind == TokenKind::number ||
               one_of(token, kInType);
    }

    bool ends_declarator(std::size_t begin, std::size_t index) const {
        if (index < begin + 2 || tokens_[index + 1].is("=")) return false;
        if (tokens_[index - 1].is("]")) return true;
        const auto& before = tokens_[index - 2];
        return tokens_[index - 1].kind == TokenKind::word &&
               (before.kind == TokenKind::word || one_of(before, kBeforeName));
    }

    const std::vector<Token>& tokens_;
    const Brackets& brackets_;
    std::size_t open_;
};

}  // namespace

bool in_condition(const std::vector<Token>& tokens, const Brackets& brackets, std::size_t open,
                  std::size_t index) {
    const Head head(tokens, brackets, open);
    const auto condition = head.condition();
    if (index < condition.begin || index >= condition.end) return false;
    return !head.declares(condition.begin, index);
}

}  // namespace shadowcat::lint
