// SPDX-License-Identifier: Apache-2.0
// What a bracket in a token stream is: whose partner, a lambda's introducer, a lambda's body, a
// block.
#pragma once

#include "tokens.hpp"

#include <cstddef>
#include <vector>

namespace shadowcat::lint {

enum class BraceKind { block, lambda_body, initializer };

/// Answers by the tokens around a bracket, as a reader would; no types are known.
class Brackets {
public:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    /// `tokens` must outlive this.
    explicit Brackets(const std::vector<Token>& tokens);

    std::size_t partner(std::size_t index) const { return partners_[index]; }

    /// What the `{` at `index` opens. `begin` is the first token of the statement that it stands
    /// in; `nested` says that it stands in a parenthesis or in another initialiser of that
    /// statement.
    BraceKind kind(std::size_t index, std::size_t begin, bool nested) const;

    /// Whether the `[` at `index` begins a lambda; `begin` as above.
    bool introduces_lambda(std::size_t index, std::size_t begin) const;

    /// Whether the `)` at `index` ends the head of an if, for, while, switch or catch.
    bool closes_control_head(std::size_t index) const;

private:
    bool is(std::size_t index, const char* text) const;
    bool is_word(std::size_t index) const;
    bool holds_statements(std::size_t open) const;
    bool opens_block(std::size_t index, std::size_t begin) const;
    bool has_block_head(std::size_t begin, std::size_t end) const;
    bool opens_lambda_body(std::size_t index, std::size_t begin) const;
    std::size_t before_template_list(std::size_t index, std::size_t begin) const;
    std::size_t before_trailing_return(std::size_t index, std::size_t begin) const;
    bool ends_attribute(std::size_t index) const;
    bool binds_names(std::size_t index) const;

    const std::vector<Token>& tokens_;
    std::vector<std::size_t> partners_;
};

}  // namespace shadowcat::lint
