// SPDX-License-Identifier: Apache-2.0
// How paused messages and rules look on a terminal.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace shadowcat::intercept {

using sdk::Json;

/// A table of the lines that answer `intercept.list`.
void print_paused(const std::vector<Json>& lines, std::ostream& out);

/// One line for one of `intercept.wait`.
std::string news_line(const Json& news);

/// A table of the lines that answer `intercept.rules`.
void print_rules(const std::vector<Json>& lines, std::ostream& out);

}  // namespace shadowcat::intercept
