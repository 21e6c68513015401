// SPDX-License-Identifier: Apache-2.0
// The reference of all configuration keys, written from their schemas.
#pragma once

#include "core/plugin/plugin_registry.hpp"

#include <string>

namespace shadowcat::core {

/// Markdown: one table for each section of the configuration, then one for each registered part.
std::string configuration_reference(const PluginRegistry& registry);

/// How an operator reads a key's type: `integer, 1 to 65535`; `"a" or "b"`.
std::string describe_type(const sdk::ConfigField& field);

/// The key's default as YAML, `required`, or empty.
std::string describe_default(const sdk::ConfigField& field);

}  // namespace shadowcat::core
