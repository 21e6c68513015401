// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "cli/register.hpp"

#include "cli/intercept_command.hpp"

#include <memory>

namespace shadowcat::intercept {

void register_commands(sdk::Registrar& registrar) {
    registrar.add<sdk::Command>(
        "intercept", "Handle the messages that rules have paused", {},
        [](const sdk::Json&) { return std::make_unique<InterceptCommand>(); });
}

}  // namespace shadowcat::intercept
