// SPDX-License-Identifier: Apache-2.0
// What an unquoted YAML scalar means: the core schema of YAML 1.2 (so `no` and `on` are text).
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <string>

namespace shadowcat::core {

/// `text` as null, boolean, number or string. Numbers that JSON can't hold (`.inf`) stay text.
shadowcat::sdk::Json resolve_plain_scalar(const std::string& text);

}  // namespace shadowcat::core
