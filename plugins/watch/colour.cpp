// SPDX-License-Identifier: Apache-2.0
// Names and the one decision.
#include "colour.hpp"

namespace shadowcat::watch {

std::vector<std::string> colour_choices() { return {"auto", "always", "never"}; }

ColourChoice colour_choice(std::string_view name) {
    if (name == "always") return ColourChoice::always;
    return name == "never" ? ColourChoice::never : ColourChoice::automatic;
}

bool coloured(ColourChoice choice, bool terminal, std::string_view no_color) {
    if (choice != ColourChoice::automatic) return choice == ColourChoice::always;
    return terminal && no_color.empty();
}

}  // namespace shadowcat::watch
