// SPDX-License-Identifier: Apache-2.0
// Words and sorts places.
#include "core/config/origin.hpp"

#include <algorithm>
#include <tuple>

namespace shadowcat::core {

std::string Origin::text() const {
    if (kind == Kind::environment) return "env " + name;
    if (kind != Kind::file || line == 0) return name;
    return name + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string Diagnostic::text() const {
    std::string line = origin.text();
    // An option is one key: the path would only repeat it in other words.
    if (origin.kind != Origin::Kind::command_line && !path.empty()) {
        line += (line.empty() ? "" : ": ") + path;
    }
    return line.empty() ? message : line + ": " + message;
}

void sort_by_origin(Diagnostics& diagnostics) {
    std::ranges::stable_sort(diagnostics, [](const Diagnostic& a, const Diagnostic& b) {
        return std::tie(a.origin.kind, a.origin.name, a.origin.line, a.origin.column) <
               std::tie(b.origin.kind, b.origin.name, b.origin.line, b.origin.column);
    });
}

}  // namespace shadowcat::core
