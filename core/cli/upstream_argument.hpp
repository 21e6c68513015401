// SPDX-License-Identifier: Apache-2.0
// What stands behind `--upstream` and `--`, as an upstream's configuration.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/result.hpp"

#include <string>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// The value of `--upstream`: a URL, or a command line.
sdk::Result<sdk::Json> upstream_from_argument(const std::string& name, const std::string& value);

/// A command and its arguments, unchanged.
sdk::Json upstream_from_command(const std::string& name, const std::vector<std::string>& command);

}  // namespace shadowcat::core
