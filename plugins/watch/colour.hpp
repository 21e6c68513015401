// SPDX-License-Identifier: Apache-2.0
// When lines are coloured.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::watch {

enum class ColourChoice : std::uint8_t { automatic, always, never };

/// `auto`, `always`, `never`.
std::vector<std::string> colour_choices();

/// `name` is one of them.
ColourChoice colour_choice(std::string_view name);

/// `no_color`: the variable NO_COLOR, empty when it isn't set (https://no-color.org).
bool coloured(ColourChoice choice, bool terminal, std::string_view no_color);

}  // namespace shadowcat::watch
