// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "replay/register.hpp"

namespace shadowcat::tape {

void register_replay(sdk::Registrar&) {}

}  // namespace shadowcat::tape
