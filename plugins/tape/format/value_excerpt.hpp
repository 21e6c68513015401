// SPDX-License-Identifier: Apache-2.0
// Excerpts of JSON values for reports.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <string>
#include <utility>

namespace shadowcat::tape {

/// The value's JSON text, cut where it is long.
std::string excerpt_of(const sdk::Json& value);

/// Of two values that differ: excerpts that show where. Long strings are cut around the first
/// difference; values of different types say their types.
std::pair<std::string, std::string> excerpts_of(const sdk::Json& a, const sdk::Json& b);

}  // namespace shadowcat::tape
