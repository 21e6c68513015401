// SPDX-License-Identifier: Apache-2.0
// Reads an upstream's capacity, retries and breakers.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "core/upstream/upstream_settings.hpp"

namespace shadowcat::core {

/// `upstream` has passed its schema. Keys that are absent keep what `settings` says.
void read_upstream_settings(const sdk::Json& upstream, UpstreamSettings& settings);

}  // namespace shadowcat::core
