// SPDX-License-Identifier: Apache-2.0
// Offers rules and the command to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "cli/register.hpp"
#include "rules/register.hpp"

namespace {

using namespace shadowcat;

void register_parts(sdk::Registrar& registrar) {
    intercept::register_rules(registrar);
    intercept::register_commands(registrar);
}

}  // namespace

SHADOWCAT_PLUGIN("intercept", SHADOWCAT_SDK_VERSION,
                 "changes, blocks, delays and pauses messages by rules", register_parts)
