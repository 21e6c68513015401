// SPDX-License-Identifier: Apache-2.0
// What this folder offers the loader.
#pragma once

#include "shadowcat/sdk/registrar.hpp"

namespace shadowcat::intercept {

void register_commands(sdk::Registrar& registrar);

}  // namespace shadowcat::intercept
