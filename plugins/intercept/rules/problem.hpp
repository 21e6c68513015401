// SPDX-License-Identifier: Apache-2.0
// Problem: what is wrong with a rules file, and where.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::intercept {

/// A place in a file; lines and columns count from 1.
class Place {
public:
    Place() = default;
    Place(int at_line, int at_column) : line(at_line), column(at_column) {}

    int line = 1;
    int column = 1;
};

/// One thing that is wrong: place, key (`rules[2].match.method`, or empty) and what was expected.
class Problem {
public:
    Problem(Place at, std::string where, std::string message)
        : place(at), key(std::move(where)), what(std::move(message)) {}

    /// `file:line:column: key: what`
    std::string text(const std::string& file) const;

    Place place;
    std::string key;
    std::string what;
};

using Problems = std::vector<Problem>;

/// The first problem in full (in the order of the file), and how many more there are. Not for an
/// empty list.
std::string summary(const std::string& file, Problems problems);

}  // namespace shadowcat::intercept
