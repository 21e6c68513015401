// SPDX-License-Identifier: Apache-2.0
// One line about everything that is wrong.
#include "rules/problem.hpp"

#include <algorithm>
#include <tuple>

namespace shadowcat::intercept {

std::string Problem::text(const std::string& file) const {
    std::string line =
        file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": ";
    if (!key.empty()) line += key + ": ";
    return line + what;
}

std::string summary(const std::string& file, Problems problems) {
    std::ranges::stable_sort(problems, {}, [](const Problem& each) {
        return std::tuple(each.place.line, each.place.column);
    });
    std::string line = problems.front().text(file);
    if (problems.size() > 1) line += " (and " + std::to_string(problems.size() - 1) + " more)";
    return line;
}

}  // namespace shadowcat::intercept
