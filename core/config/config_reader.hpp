// SPDX-License-Identifier: Apache-2.0
// Validates the whole configuration against the loaded plugins.
#pragma once

#include "core/config/config.hpp"
#include "core/config/load_config.hpp"
#include "core/config/section_reader.hpp"
#include "core/plugin/plugin_registry.hpp"

namespace shadowcat::core {

/// Reads everything but `plugins`. The result is only good when `reader` found nothing wrong.
Config read_config(SectionReader& reader, const PluginRegistry& registry,
                   const ConfigRequest& request);

/// Only what can be judged without plugins: unknown sections, `logging`, `workers`.
void check_without_plugins(SectionReader& reader);

}  // namespace shadowcat::core
