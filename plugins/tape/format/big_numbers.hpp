// SPDX-License-Identifier: Apache-2.0
// Numbers that JSON allows and no machine type holds.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::tape {

/// The JSON `text` with a 0 in the place of every number (what only looks like one stays), so that
/// a parser with numbers of 64 bits can check the rest.
std::string with_small_numbers(std::string_view text);

}  // namespace shadowcat::tape
