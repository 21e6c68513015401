// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "record/register.hpp"

namespace shadowcat::tape {

void register_recorder(sdk::Registrar&) {}

}  // namespace shadowcat::tape
