// SPDX-License-Identifier: Apache-2.0
// Redactor: replaces secrets in messages and events before they are written.
#pragma once

#include "format/event_record.hpp"
#include "record/marker.hpp"
#include "record/message_secrets.hpp"
#include "record/options.hpp"
#include "record/patterns.hpp"
#include "record/pointer.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

/// Immutable; thread-safe.
class Redactor {
public:
    /// Throws `std::invalid_argument` for bad pointers and expressions.
    explicit Redactor(const RedactOptions& options);

    bool enabled() const noexcept { return enabled_; }

    /// Changes `text` (a message) by cutting and pasting; what isn't secret stays as it is, byte by
    /// byte. True when something was replaced.
    bool redact_message(std::string& text, const MessageFacts& facts, const Marker& marker) const;

    /// The same for a message that isn't changed: what stands in its place, if anything.
    std::optional<std::string> redacted_message(std::string_view text, const MessageFacts& facts,
                                                const Marker& marker) const;

    /// True when the value was replaced, as a whole or in part.
    bool redact_header(std::string_view name, std::string& value, const Marker& marker) const;

    /// Whether names and free text may hold anything to replace.
    bool has_patterns() const noexcept { return enabled_ && !patterns_.empty(); }

    /// Headers, parameters of the target's query, and free text; sets the event's flag.
    void redact_event(EventRecord& event, const Marker& marker) const;

    /// What a message's envelope repeats of it (a tool's name, a URI): patterns only.
    bool redact_name(std::string& text, const Marker& marker) const;

    /// Free text (a command, a URL, a line of stderr): patterns, and what looks like a secret.
    bool redact_text(std::string& text, const Marker& marker) const;

private:
    bool is_secret(std::string_view header) const;
    bool replace_patterns(std::string& text, const Marker& marker) const;

    bool enabled_;
    std::set<std::string> headers_;  // in lower case
    std::vector<Pointer> pointers_;
    Patterns patterns_;
};

}  // namespace shadowcat::tape
