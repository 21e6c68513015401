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

std::string printable(std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const unsigned char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (c < 0x20 || c == 0x7f) {
            out += "\\x";
            out += kDigits[c >> 4];
            out += kDigits[c & 0x0f];
        } else {
            out += static_cast<char>(c);
        }
    }
    return out;
}

std::string Diagnostic::text() const {
    std::string line = origin.text();
    // An option is one key: the path would only repeat it in other words.
    if (origin.kind != Origin::Kind::command_line && !path.empty()) {
        line += (line.empty() ? "" : ": ") + path;
    }
    return printable(line.empty() ? message : line + ": " + message);
}

void sort_by_origin(Diagnostics& diagnostics) {
    std::ranges::stable_sort(diagnostics, [](const Diagnostic& a, const Diagnostic& b) {
        return std::tie(a.origin.kind, a.origin.name, a.origin.line, a.origin.column) <
               std::tie(b.origin.kind, b.origin.name, b.origin.line, b.origin.column);
    });
}

}  // namespace shadowcat::core
