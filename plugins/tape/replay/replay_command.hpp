// SPDX-License-Identifier: Apache-2.0
// ReplayCommand: `shadowcat replay`.
#pragma once

#include "shadowcat/sdk/command.hpp"

namespace shadowcat::tape {

class ReplayCommand final : public sdk::Command {
public:
    std::vector<sdk::CommandWord> words() const override;
    int run(const std::vector<std::string>& arguments, sdk::CommandContext& context) override;
};

}  // namespace shadowcat::tape
