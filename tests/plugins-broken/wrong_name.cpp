// SPDX-License-Identifier: Apache-2.0
// A plugin whose file was renamed.
#include "shadowcat/sdk/plugin.hpp"

#include <cstdlib>

namespace {

// Nobody may call it: the descriptor is refused before.
[[maybe_unused]] void register_parts(shadowcat::sdk::Registrar&) { std::abort(); }

}  // namespace

extern "C" __attribute__((visibility("default")))
const shadowcat_plugin_descriptor shadowcat_plugin_v1;
extern "C" const shadowcat_plugin_descriptor shadowcat_plugin_v1 = {
    SHADOWCAT_PLUGIN_MAGIC,
    sizeof(shadowcat_plugin_descriptor),
    SHADOWCAT_FINGERPRINT,
    "other-name",
    "1.0.0",
    "for tests",
    &register_parts};
