// SPDX-License-Identifier: Apache-2.0
// Offers recording, replaying and the commands to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "cli/register.hpp"
#include "record/register.hpp"
#include "replay/register.hpp"

namespace {

using namespace shadowcat;

void register_parts(sdk::Registrar& registrar) {
    tape::register_recorder(registrar);
    tape::register_replay(registrar);
    tape::register_commands(registrar);
}

}  // namespace

SHADOWCAT_PLUGIN("tape", SHADOWCAT_SDK_VERSION, "records, replays and compares MCP traffic",
                 register_parts)
