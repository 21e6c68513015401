// SPDX-License-Identifier: Apache-2.0
// Applies expressions to texts, and to the strings within JSON.
#include "record/patterns.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "format/json_text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <stdexcept>

namespace shadowcat::tape {

namespace {

bool replace_all(std::string& text, const re2::RE2& expression, const Marker& marker) {
    const re2::StringPiece all(text);
    re2::StringPiece match;
    std::string out;
    std::size_t done = 0;
    while (done < text.size() &&
           expression.Match(all, done, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
        const auto at = static_cast<std::size_t>(match.data() - all.data());
        if (match.empty()) {  // \b and the like, between two characters
            out.append(text, done, at + 1 - done);
            done = at + 1;
            continue;
        }
        out.append(text, done, at - done).append(marker.of({match.data(), match.size()}));
        done = at + match.size();
    }
    if (done == 0) return false;
    out.append(text, std::min(done, text.size()));
    const bool changed = out != text;
    text = std::move(out);
    return changed;
}

std::string quoted_text(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

}  // namespace

Patterns::Patterns(const std::vector<std::string>& expressions) {
    for (const std::string& each : expressions) {
        re2::RE2::Options quiet;
        quiet.set_log_errors(false);
        auto expression = std::make_unique<re2::RE2>(each, quiet);
        const std::string where = "redact.patterns: \"" + each + "\" ";
        if (!expression->ok())
            throw std::invalid_argument(where + "is no RE2: " + expression->error());
        if (re2::RE2::FullMatch("", *expression))
            throw std::invalid_argument(where + "matches the empty text");
        expressions_.push_back(std::move(expression));
    }
}

Patterns::~Patterns() = default;

std::optional<std::string> Patterns::replaced(std::string_view text, const Marker& marker) const {
    if (expressions_.empty()) return std::nullopt;
    std::string out(text);
    bool changed = false;
    for (const auto& expression : expressions_)
        changed = replace_all(out, *expression, marker) || changed;
    return changed ? std::optional(std::move(out)) : std::nullopt;
}

void Patterns::find(std::string_view value, const Marker& marker, const Visit& visit) const {
    if (sdk::json::is_object(value)) {
        sdk::json::for_each_member(
            value, [&](std::string_view, std::string_view member) { find(member, marker, visit); });
    } else if (sdk::json::is_array(value)) {
        sdk::json::for_each_element(
            value, [&](std::string_view element) { find(element, marker, visit); });
    } else if (sdk::json::is_string(value)) {
        if (const auto text = replaced(sdk::json::unquote(value), marker))
            visit(value, quoted_text(*text));
    } else if (!value.empty() && value != "true" && value != "false" && value != "null") {
        if (replaced(value, marker)) visit(value, quoted_text(marker.of(value)));
    }
}

}  // namespace shadowcat::tape
