// SPDX-License-Identifier: Apache-2.0
// Reads YAML into located JSON, within bounds.
#pragma once

#include "core/config/located_json.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace shadowcat::core {

/// Bounds of what a configuration file may hold, aliases written out.
class YamlLimits {
public:
    YamlLimits() = default;

    std::size_t max_bytes = 1024 * 1024;
    std::size_t max_values = 100'000;
    std::size_t max_depth = 64;
};

/// Reads one YAML document whose root is a mapping (or nothing). Syntax errors, duplicate keys and
/// exceeded limits are appended to `diagnostics` with line and column of `file_name`.
LocatedJson read_yaml(const std::string& text, const std::string& file_name,
                      Diagnostics& diagnostics, const YamlLimits& limits = YamlLimits());

/// As `read_yaml`, from a file. A file that can't be read is one diagnostic.
LocatedJson read_yaml_file(const std::filesystem::path& file, Diagnostics& diagnostics,
                           const YamlLimits& limits = YamlLimits());

}  // namespace shadowcat::core
