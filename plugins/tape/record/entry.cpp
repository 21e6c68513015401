// SPDX-License-Identifier: Apache-2.0
// Packs and unpacks.
#include "record/entry.hpp"

#include <utility>

namespace shadowcat::tape {

namespace {

char* copy_piece(char* to, std::string_view piece) {
    if (piece.empty()) return to;
    std::memcpy(to, piece.data(), piece.size());
    return to + piece.size();
}

}  // namespace

EntryParts::EntryParts(const sdk::Message& message, const sdk::MessageContext& context,
                       std::size_t on_worker) {
    exchange = context.exchange;
    stream = context.stream;
    worker = static_cast<std::uint32_t>(on_worker);
    direction = context.direction;
    message_kind = message.kind();
    era = context.era;
    made_by_proxy = context.made_by_proxy;
    shape.is_message = true;
    const bool response = message.is_response();
    pieces_ = {context.session,
               context.upstream,
               context.revision,
               response ? context.method : message.method(),
               response ? context.name : message.name(),
               message.id(),
               message.bytes()};
    measure();
}

EntryParts::EntryParts(const sdk::TransportEvent& event, std::size_t on_worker)
    : headers_(event.headers) {
    stream = event.stream;
    worker = static_cast<std::uint32_t>(on_worker);
    shape.data_bytes = event.data_bytes;
    shape.retry_ms = event.retry_ms.value_or(0);
    shape.has_retry = event.retry_ms.has_value();
    shape.status = event.status;
    shape.kind = event.kind;
    shape.hop = event.hop;
    pieces_ = {event.session, event.upstream, event.method,    event.target,
               event.text,    event.event_id, event.event_name};
    measure();
}

void EntryParts::measure() {
    std::size_t size = 0;
    for (std::size_t index = 0; index < pieces_.size(); ++index)
        shape.ends[index] = static_cast<std::uint32_t>(size += pieces_[index].size());
    for (const sdk::HeaderField& field : headers_)
        size += 2 * sizeof(std::uint32_t) + field.name.size() + field.value.size();
    shape.text_bytes = static_cast<std::uint32_t>(size);
}

void EntryParts::copy_text(char* to) const {
    for (const std::string_view each : pieces_)
        to = copy_piece(to, each);
    for (const sdk::HeaderField& field : headers_) {
        const std::array<std::uint32_t, 2> sizes = {static_cast<std::uint32_t>(field.name.size()),
                                                    static_cast<std::uint32_t>(field.value.size())};
        std::memcpy(to, sizes.data(), sizeof(sizes));
        to = copy_piece(copy_piece(to + sizeof(sizes), field.name), field.value);
    }
}

Entry::Entry(const EntryParts& parts)
    : EntryFacts(parts), own_(std::make_unique_for_overwrite<char[]>(parts.bytes())) {
    std::memcpy(own_.get(), static_cast<const EntryFacts*>(&parts), sizeof(EntryFacts));
    parts.copy_text(own_.get() + sizeof(EntryFacts));
    packed_ = own_.get();
}

void Entry::keep() {
    if (own_) return;
    own_ = std::make_unique_for_overwrite<char[]>(bytes());
    std::memcpy(own_.get(), packed_, bytes());
    packed_ = own_.get();
}

void Entry::copy_event(EventRecord& event) const {
    event.kind = event_kind();
    event.hop = hop();
    event.session = session();
    event.upstream = upstream();
    event.stream = stream;
    event.method = piece(2);
    event.target = piece(3);
    event.text = piece(4);
    event.status = shape.status;
    event.event_id = piece(5);
    event.event_name = piece(6);
    event.retry_ms.reset();
    if (shape.has_retry) event.retry_ms = shape.retry_ms;
    event.data_bytes = shape.data_bytes;
    event.redacted = false;
}

}  // namespace shadowcat::tape
