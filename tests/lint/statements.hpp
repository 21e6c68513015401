// SPDX-License-Identifier: Apache-2.0
// Cuts tokens into the statements that the co_await check judges one by one.
#pragma once

#include "tokens.hpp"

#include <cstddef>
#include <vector>

namespace shadowcat::lint {

/// One statement, or the head of one (`if (…)`). The bodies of blocks and of lambdas are statements
/// of their own and no part of it. Numbers in the lists are indices into the tokens.
struct Statement {
    std::size_t begin = 0;
    std::size_t first_line = 0;
    std::size_t last_line = 0;
    bool awaits = false;
    std::vector<std::size_t> initializers;  ///< The `{` of each braced initialiser.
    std::vector<std::size_t> captures;      ///< The `[` of each lambda that captures.
    std::vector<std::size_t> conditions;    ///< Each `co_await` in the condition of a head.
};

std::vector<Statement> split_statements(const std::vector<Token>& tokens);

}  // namespace shadowcat::lint
