// SPDX-License-Identifier: Apache-2.0
// InterceptCommand: `shadowcat intercept`.
#pragma once

#include "shadowcat/sdk/command.hpp"

#include "cli/intercept_arguments.hpp"
#include "cli/proxy_line.hpp"

#include <string>
#include <vector>

namespace shadowcat::intercept {

class InterceptCommand final : public sdk::Command {
public:
    std::vector<sdk::CommandWord> words() const override { return intercept_words(); }
    int run(const std::vector<std::string>& arguments, sdk::CommandContext& context) override;
};

/// What `arguments` say, with `proxy`. Gives the exit code.
int perform_intercept(const InterceptArguments& arguments, ProxyLine& proxy,
                      sdk::CommandContext& context);

}  // namespace shadowcat::intercept
