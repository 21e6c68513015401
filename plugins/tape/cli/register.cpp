// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "cli/register.hpp"

#include "cli/tape_command.hpp"

namespace shadowcat::tape {

void register_commands(sdk::Registrar& registrar) {
    registrar.add<sdk::Command>("tape", "List, show, check, export and compare recorded traffic",
                                sdk::Schema(),
                                [](const sdk::Json&) { return std::make_unique<TapeCommand>(); });
}

}  // namespace shadowcat::tape
