// SPDX-License-Identifier: Apache-2.0
// Reads the section `plugins`, which must be known before anything else can be judged.
#pragma once

#include "core/config/located_json.hpp"
#include "core/plugin/plugin_request.hpp"

namespace shadowcat::core {

PluginsConfig read_plugins(const LocatedJson& config, Diagnostics& diagnostics);

}  // namespace shadowcat::core
