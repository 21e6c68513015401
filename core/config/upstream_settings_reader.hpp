// SPDX-License-Identifier: Apache-2.0
// Reads an upstream's capacity, retries and breakers.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "core/upstream/upstream_settings.hpp"

namespace shadowcat::core {

/// `upstream` has passed its schema, which filled in defaults; `written` is what the operator
/// wrote: a guard that isn't mentioned there is not used.
void read_upstream_settings(const sdk::Json& upstream, const sdk::Json& written,
                            UpstreamSettings& settings);

}  // namespace shadowcat::core
