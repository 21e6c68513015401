// SPDX-License-Identifier: Apache-2.0
// Copies what viewers may want to know, within bounds.
#include "record.hpp"

#include "detail.hpp"
#include "utf8.hpp"

#include <algorithm>

namespace shadowcat::watch {

namespace {

constexpr std::size_t kLabel = 128;
constexpr std::size_t kField = 256;
constexpr std::size_t kEventText = 512;

Entry::Kind kind_of(sdk::MessageKind kind) {
    switch (kind) {
        case sdk::MessageKind::request:
            return Entry::Kind::request;
        case sdk::MessageKind::notification:
            return Entry::Kind::notification;
        case sdk::MessageKind::result:
            return Entry::Kind::result;
        case sdk::MessageKind::error:
            return Entry::Kind::error;
    }
    return Entry::Kind::event;
}

ViewerBits found_in(std::string_view text, const Wanted& wanted) {
    ViewerBits found = 0;
    for (const Needle& needle : wanted.needles)
        if (text.find(needle.text) != std::string_view::npos) found |= needle.viewer;
    return found;
}

/// Whether `message` answers the client's request that the context speaks of, not one of the
/// server's.
bool answers_client(const sdk::Message& message, const sdk::MessageContext& context) {
    return message.is_response() && context.direction == sdk::Direction::server_to_client;
}

const char* name_of(sdk::TransportEvent::Kind kind) {
    using Kind = sdk::TransportEvent::Kind;
    switch (kind) {
        case Kind::session_opened:
            return events::kSessionOpened;
        case Kind::session_closed:
            return events::kSessionClosed;
        case Kind::link_opened:
            return events::kLinkOpened;
        case Kind::link_closed:
            return events::kLinkClosed;
        case Kind::http_response:
            return events::kHttpStatus;
        case Kind::stderr_line:
            return events::kStderr;
        default:
            return nullptr;
    }
}

}  // namespace

std::size_t Record::size() const noexcept {
    return sizeof(Record) + entry.session.size() + entry.upstream.size() + entry.method.size() +
           entry.name.size() + entry.id.size() + entry.detail.size() + entry.payload.size();
}

Record record_of(const sdk::Message& message, const sdk::MessageContext& context,
                 std::size_t worker, const Wanted& wanted) {
    Record record;
    Entry& entry = record.entry;
    const bool answer = answers_client(message, context);
    const std::string_view name = message.name().empty() ? context.name : message.name();
    entry.kind = kind_of(message.kind());
    entry.time = std::chrono::system_clock::now();
    entry.session = excerpt(context.session, kLabel);
    entry.upstream = excerpt(context.upstream, kLabel);
    entry.direction = context.direction;
    entry.method = excerpt(answer ? context.method : message.method(), kField);
    if (answer || !message.is_response()) entry.name = excerpt(name, kField);
    entry.id = excerpt(message.id(), kField);
    entry.bytes = message.bytes().size();
    if (wanted.payload_bytes > 0) entry.payload = excerpt(message.bytes(), wanted.payload_bytes);
    entry.by_proxy = context.made_by_proxy;
    add_detail(message, entry);
    record.at = sdk::Clock::now();
    record.worker = worker;
    record.exchange = context.exchange;
    record.cancelled_id = excerpt(message.cancelled_id(), kField);
    record.found = found_in(message.bytes(), wanted);
    return record;
}

bool is_shown(const sdk::TransportEvent& event) noexcept {
    constexpr int kFirstUnusual = 300;
    if (event.kind == sdk::TransportEvent::Kind::http_response)
        return event.status >= kFirstUnusual;
    return name_of(event.kind) != nullptr;
}

Record record_of(const sdk::TransportEvent& event, const Wanted& wanted) {
    Record record;
    Entry& entry = record.entry;
    entry.time = std::chrono::system_clock::now();
    entry.session = excerpt(event.session, kLabel);
    entry.upstream = excerpt(event.upstream, kLabel);
    entry.event = name_of(event.kind);
    entry.status = event.status;
    entry.detail = excerpt(event.text, kEventText);
    record.at = sdk::Clock::now();
    record.found = found_in(event.text, wanted);
    return record;
}

}  // namespace shadowcat::watch
