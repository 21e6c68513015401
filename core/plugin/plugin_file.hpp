// SPDX-License-Identifier: Apache-2.0
// What is checked of a plugin's file before any of its code can run.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "core/plugin/plugin_request.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Where the requested plugin lies: its own path, or the first directory that has `<name>.so`.
sdk::Result<std::filesystem::path> locate_plugin(
    const PluginRequest& request, const std::vector<std::filesystem::path>& search_path);

/// Refuses relative paths, what is no regular file, and files that others than their owner may
/// change: a plugin is code in this process.
sdk::Result<void> check_plugin_file(const std::filesystem::path& path);

/// Refuses a file whose SHA-256 isn't `expected` (hex, any case); an empty `expected` accepts all.
sdk::Result<void> check_plugin_digest(const std::filesystem::path& path, std::string expected);

/// The GNU build id of an ELF file in hex; empty when it has none or can't be read.
std::string read_build_id(const std::filesystem::path& path);

}  // namespace shadowcat::core
