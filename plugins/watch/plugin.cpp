// SPDX-License-Identifier: Apache-2.0
// Offers the parts of this plugin to the loader.
#include "shadowcat/sdk/plugin.hpp"

namespace {

using namespace shadowcat;

void register_parts(sdk::Registrar&) {}

}  // namespace

SHADOWCAT_PLUGIN("watch", SHADOWCAT_SDK_VERSION, "shows messages as they pass", register_parts)
