// SPDX-License-Identifier: Apache-2.0
// What transport-http offers.
#include "shadowcat/sdk/plugin.hpp"

namespace {

void register_parts(shadowcat::sdk::Registrar&) {}

}  // namespace

SHADOWCAT_PLUGIN("transport-http", SHADOWCAT_SDK_VERSION,
                 "MCP over HTTP: Streamable HTTP, plain and TLS", register_parts)
