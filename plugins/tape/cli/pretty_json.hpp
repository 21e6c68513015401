// SPDX-License-Identifier: Apache-2.0
// pretty_json: indents a JSON text without changing a token of it.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::tape {

/// `text` over several lines, two spaces a level, each line behind `indent`; numbers and strings
/// stay as they are written. What is no JSON comes out somehow, but all of it.
std::string pretty_json(std::string_view text, std::string_view indent = "");

}  // namespace shadowcat::tape
