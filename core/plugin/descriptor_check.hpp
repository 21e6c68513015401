// SPDX-License-Identifier: Apache-2.0
// The checks a plugin's descriptor must pass before a function of the plugin is called.
#pragma once

#include "shadowcat/sdk/plugin.hpp"
#include "shadowcat/sdk/result.hpp"

#include <filesystem>
#include <string>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// The fingerprint of this build, which a plugin's must equal.
std::string own_fingerprint();

/// Magic and size: whether the rest of the descriptor may be read at all.
sdk::Result<void> check_descriptor_form(const shadowcat_plugin_descriptor& descriptor,
                                        const std::filesystem::path& file);

/// Fingerprint, name and register function of a descriptor with the right form.
sdk::Result<void> check_descriptor_content(const shadowcat_plugin_descriptor& descriptor,
                                           const std::filesystem::path& file);

}  // namespace shadowcat::core
