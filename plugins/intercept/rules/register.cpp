// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "rules/register.hpp"

namespace shadowcat::intercept {

void register_rules(sdk::Registrar&) {}

}  // namespace shadowcat::intercept
