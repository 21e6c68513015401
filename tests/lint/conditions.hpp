// SPDX-License-Identifier: Apache-2.0
// Says which tokens make up the condition of an if, for, while or switch.
#pragma once

#include "brackets.hpp"
#include "tokens.hpp"

#include <cstddef>
#include <vector>

namespace shadowcat::lint {

/// Whether the token at `index` stands in the condition of the head whose parenthesis opens at
/// `open`, and the condition is an expression. False for a declaration (`if (auto x = …)`), for an
/// init-statement, a range, the step of a for, and for a parenthesis that is no head.
bool in_condition(const std::vector<Token>& tokens, const Brackets& brackets, std::size_t open,
                  std::size_t index);

}  // namespace shadowcat::lint
