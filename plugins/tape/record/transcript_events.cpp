// SPDX-License-Identifier: Apache-2.0
// The part of Transcript that has to do with transport events.
#include "record/transcript.hpp"

namespace shadowcat::tape {

namespace {

/// What comes with every HTTP exchange.
bool repeats_itself(EventRecord::Kind kind) {
    using Kind = EventRecord::Kind;
    return kind == Kind::http_request || kind == Kind::http_response || kind == Kind::stream_closed;
}

}  // namespace

/// Without header fields.
const EventRecord& Transcript::redacted(const Entry& entry) {
    entry.copy_event(event_);
    if (event_.session == init_.session) event_.session.clear();
    redactor_.redact_event(event_, marker_);
    return event_;
}

void Transcript::append_header_of(std::string_view field, std::string_view name,
                                  std::string_view value) {
    auto& place = texts_.headers.place_of(number_, field);
    HeaderText& header = place.made;
    if (!place.is_of(number_, field)) {
        std::string shown(value);
        header.redacted = redactor_.redact_header(name, shown, marker_);
        header.text.clear();
        append_header(header.text, name, shown);
        place.now_of(number_, field);
    }
    if (!headers_.empty()) headers_ += ',';
    headers_ += header.text;
    event_.redacted |= header.redacted;
}

void Transcript::make_text(const Entry& entry, EventText& text) {
    redacted(entry);
    remember(event_);
    headers_.clear();
    entry.for_each_header([this](std::string_view field, std::string_view name,
                                 std::string_view value) { append_header_of(field, name, value); });
    make_event_text(text, event_, headers_);
}

const EventText& Transcript::text_of(const Entry& entry) {
    if (!repeats_itself(entry.event_kind())) {
        make_text(entry, text_);
        return text_;
    }
    auto& place = texts_.events.place_of(number_, entry.likeness());
    if (!place.is_of(number_, entry.likeness())) {
        make_text(entry, place.made);
        place.now_of(number_, entry.likeness());
    }
    return place.made;
}

void Transcript::remember(const EventRecord& event) {
    using Kind = EventRecord::Kind;
    if (event.kind == Kind::session_opened && !event.text.empty()) client = event.text;
    if (event.kind != Kind::link_opened) return;
    if (!event.upstream.empty()) upstream = event.upstream;
    target = event.target.empty() ? event.text : event.target;
}

void Transcript::note(const Entry& entry) { remember(redacted(entry)); }

void Transcript::event(const Entry& entry, std::string& out) {
    const EventText& text = text_of(entry);
    stats_.duration_ms = since_start(entry.time);
    append_event(out, stats_.duration_ms, entry.stream, text);
    ++stats_.events;
}

}  // namespace shadowcat::tape
