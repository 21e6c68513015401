// SPDX-License-Identifier: Apache-2.0
// Finding the program that a command names, as exec would, but with errors that say what is wrong.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <string>
#include <string_view>

namespace shadowcat::transport_stdio {

/// `command` as it can be given to exec after a change to `directory` (empty: none). A name without
/// a slash is looked up in `path`; empty entries of it, which would mean the current directory, are
/// skipped. Fails with `unreachable`: not found, a directory, not executable.
sdk::Result<std::string> find_program(const std::string& command, std::string_view path,
                                      const std::string& directory);

}  // namespace shadowcat::transport_stdio
