// SPDX-License-Identifier: Apache-2.0
// Brings together what is secret by name, by place and by pattern.
#include "record/redactor.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "format/json_text.hpp"
#include "record/cuts.hpp"
#include "record/free_text.hpp"
#include "record/secret_names.hpp"

#include <stdexcept>

namespace shadowcat::tape {

namespace {

std::string lower_case(std::string_view name) {
    std::string lower(name);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return lower;
}

/// The JSON text in the place of `value`. Strings count as what they say, so that the same secret
/// in a header gets the same marker.
std::string marker_for(std::string_view value, bool plain, const Marker& marker) {
    std::string text;
    append_quoted(text, plain                         ? std::string(Marker::kPlain)
                        : sdk::json::is_string(value) ? marker.of(sdk::json::unquote(value))
                                                      : marker.of(value));
    return text;
}

bool take(std::optional<std::string> changed, std::string& text) {
    if (!changed) return false;
    text = *std::move(changed);
    return true;
}

}  // namespace

Redactor::Redactor(const RedactOptions& options)
    : enabled_(options.enabled), patterns_(options.patterns) {
    for (const std::string& header : options.headers) {
        if (header.empty()) throw std::invalid_argument("redact.headers: expected a name");
        headers_.insert(lower_case(header));
    }
    for (const std::string& pointer : options.pointers)
        pointers_.emplace_back(pointer);
}

std::optional<std::string> Redactor::redacted_message(std::string_view text,
                                                      const MessageFacts& facts,
                                                      const Marker& marker) const {
    if (!enabled_) return std::nullopt;
    Cuts cuts(text);
    const auto replace = [&](std::string_view value, bool plain) {
        cuts.add(value, marker_for(value, plain, marker));
    };
    for_each_secret(text, facts, replace);
    for (const Pointer& pointer : pointers_)
        pointer.find(text, [&](std::string_view value) { replace(value, false); });
    if (!patterns_.empty())
        for (const std::string_view part : {"params", "result", "error"})
            patterns_.find(sdk::json::member(text, part), marker,
                           [&](std::string_view token, std::string replacement) {
                               cuts.add(token, std::move(replacement));
                           });
    return cuts.empty() ? std::nullopt : std::optional(cuts.applied());
}

bool Redactor::redact_message(std::string& text, const MessageFacts& facts,
                              const Marker& marker) const {
    return take(redacted_message(text, facts, marker), text);
}

bool Redactor::replace_patterns(std::string& text, const Marker& marker) const {
    return !patterns_.empty() && take(patterns_.replaced(text, marker), text);
}

bool Redactor::is_secret(std::string_view header) const {
    return is_secret_header(header) || (!headers_.empty() && headers_.contains(lower_case(header)));
}

bool Redactor::redact_header(std::string_view name, std::string& value,
                             const Marker& marker) const {
    if (!enabled_) return false;
    const bool secret = is_secret(name) && !value.empty();
    if (secret) value = marker.of(value);
    return secret || replace_patterns(value, marker);
}

void Redactor::redact_event(EventRecord& event, const Marker& marker) const {
    if (!enabled_) return;
    for (auto& [name, value] : event.headers)
        event.redacted |= redact_header(name, value, marker);
    if (event.kind == EventRecord::Kind::http_request)
        event.redacted |= take(scrubbed_target(event.target, marker), event.target);
    event.redacted |= redact_name(event.target, marker);
    if (event.kind != EventRecord::Kind::http_request)
        event.redacted |= redact_text(event.target, marker);
    event.redacted |= redact_text(event.text, marker);
}

bool Redactor::redact_name(std::string& text, const Marker& marker) const {
    return enabled_ && replace_patterns(text, marker);
}

bool Redactor::redact_text(std::string& text, const Marker& marker) const {
    if (!enabled_) return false;
    const bool matched = replace_patterns(text, marker);
    return take(scrubbed(text, marker), text) || matched;
}

}  // namespace shadowcat::tape
