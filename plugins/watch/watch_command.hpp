// SPDX-License-Identifier: Apache-2.0
// The command `watch`: attaches to a running proxy and prints what it tells.
#pragma once

#include "shadowcat/sdk/command.hpp"

namespace shadowcat::watch {

class WatchCommand final : public sdk::Command {
public:
    std::vector<sdk::CommandWord> words() const override;
    int run(const std::vector<std::string>& arguments, sdk::CommandContext& context) override;
};

}  // namespace shadowcat::watch
