// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "cli/register.hpp"

namespace shadowcat::tape {

void register_commands(sdk::Registrar&) {}

}  // namespace shadowcat::tape
