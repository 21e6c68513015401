// SPDX-License-Identifier: Apache-2.0
// Expressions for what secrets look like.
#include "record/free_text.hpp"

#include "record/secret_names.hpp"

#include <re2/re2.h>

#include <array>
#include <cstddef>

namespace shadowcat::tape {

namespace {

// Each of the expressions below needs one of them: `=` or `:` the assignments, `:` a user, `=` a
// parameter, a space what follows a scheme or a flag.
constexpr std::string_view kTelltaleCharacters = "=: \t\n\f\r";

/// Replaces what the last group of each match holds, if `wanted` says so of the first group.
template <class Wanted>
bool replace_groups(std::string& text, const re2::RE2& expression, const Marker& marker,
                    Wanted wanted) {
    const re2::StringPiece all(text);
    std::array<re2::StringPiece, 3> groups;
    std::string out;
    std::size_t done = 0;
    bool changed = false;
    for (std::size_t from = 0;
         from < text.size() && expression.Match(all, from, text.size(), re2::RE2::UNANCHORED,
                                                groups.data(), static_cast<int>(groups.size()));) {
        const re2::StringPiece secret = groups[2];
        const auto at = static_cast<std::size_t>(secret.data() - all.data());
        from = at + secret.size();
        const std::string_view value(secret.data(), secret.size());
        if (value.starts_with("[redacted") || !wanted({groups[1].data(), groups[1].size()}))
            continue;
        out.append(text, done, at - done).append(marker.of(value));
        done = from;
        changed = true;
    }
    if (changed) text = out.append(text, done);
    return changed;
}

bool always(std::string_view) { return true; }

bool holds_any_of(std::string_view text, std::string_view characters) {
    return text.find_first_of(characters) != std::string_view::npos;
}

bool replace_parameters(std::string& text, const Marker& marker) {
    if (!holds_any_of(text, "=")) return false;
    static const auto& parameter = *new re2::RE2(R"([?&;]([^=&;#\s]+)=([^&;#\s"']+))");
    return replace_groups(text, parameter, marker, is_secret_parameter);
}

std::optional<std::string> if_changed(bool changed, std::string& text) {
    return changed ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace

std::optional<std::string> scrubbed(std::string_view text, const Marker& marker) {
    static const auto& user = *new re2::RE2(R"((://)([^/?#@\s"']+)@)");
    static const auto& scheme = *new re2::RE2(R"((?i)\b(bearer|basic)\s+([A-Za-z0-9._~+/=-]{8,}))");
    static const auto& assigned = *new re2::RE2(
        R"((?i)([a-z0-9_-]*(?:token|secret|passwo?r?d|api[_-]?key|authorization|session[_-]?id|cookie|credential)s?)["']?\s*[=:]\s*["']?([^\s"',;&]+))");
    static const auto& flag = *new re2::RE2(
        R"((?i)(--?[a-z0-9_-]*(?:token|secret|passwo?r?d|key|credential)s?)\s+["']?([^\s"'-][^\s"']*))");
    if (!holds_any_of(text, kTelltaleCharacters)) return std::nullopt;
    std::string out(text);
    bool changed = replace_groups(out, user, marker, always);
    changed = replace_parameters(out, marker) || changed;
    changed = replace_groups(out, scheme, marker, always) || changed;
    changed = replace_groups(out, flag, marker, always) || changed;
    changed =
        replace_groups(out, assigned, marker, [](std::string_view) { return true; }) || changed;
    return if_changed(changed, out);
}

std::optional<std::string> scrubbed_target(std::string_view target, const Marker& marker) {
    if (!holds_any_of(target, "=")) return std::nullopt;
    std::string out(target);
    const bool changed = replace_parameters(out, marker);
    return if_changed(changed, out);
}

}  // namespace shadowcat::tape
