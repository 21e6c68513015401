// SPDX-License-Identifier: Apache-2.0
// Splits a command line as a POSIX shell would, without running one.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <string>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// The words of `line`: quotes and backslashes mean what they mean to a shell. Whatever a shell
/// would do beyond that (pipes, variables, patterns, …) is an error when it isn't quoted, never
/// passed on as if it were text.
sdk::Result<std::vector<std::string>> shell_split(const std::string& line);

}  // namespace shadowcat::core
