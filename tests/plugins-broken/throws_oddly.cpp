// SPDX-License-Identifier: Apache-2.0
// A plugin that throws what is no std::exception.
#include "shadowcat/sdk/plugin.hpp"

namespace {

void register_parts(shadowcat::sdk::Registrar&) { throw 42; }

}  // namespace

SHADOWCAT_PLUGIN("throws-oddly", "1.0.0", "for tests", register_parts)
