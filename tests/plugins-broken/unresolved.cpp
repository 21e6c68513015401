// SPDX-License-Identifier: Apache-2.0
// A plugin that needs a function which nobody has.
#include "shadowcat/sdk/plugin.hpp"

void shadowcat_nobody_has_this();

namespace {

void register_parts(shadowcat::sdk::Registrar&) { shadowcat_nobody_has_this(); }

}  // namespace

SHADOWCAT_PLUGIN("unresolved", "1.0.0", "for tests", register_parts)
