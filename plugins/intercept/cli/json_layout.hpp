// SPDX-License-Identifier: Apache-2.0
// Laying out JSON text for people and for lines; nothing but white space changes.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::intercept {

/// `text`, one member or element to a line, indented by two spaces for each level. Numbers and
/// strings stay as they are written. What is no JSON comes out without its own white space.
std::string spread_json(std::string_view text);

/// `text` without the white space between tokens: on one line, if it is valid.
std::string compact_json(std::string_view text);

}  // namespace shadowcat::intercept
