// SPDX-License-Identifier: Apache-2.0
// Packs and unpacks.
#include "record/entry.hpp"

#include <cstring>

namespace shadowcat::tape {

namespace {

std::size_t packed_size(std::span<const sdk::HeaderField> headers) {
    std::size_t size = 0;
    for (const sdk::HeaderField& field : headers)
        size += 2 * sizeof(std::uint32_t) + field.name.size() + field.value.size();
    return size;
}

void pack_text(std::string& out, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    char raw[sizeof(size)];
    std::memcpy(raw, &size, sizeof(size));
    out.append(raw, sizeof(raw)).append(text);
}

std::string_view unpack_text(std::string_view& rest) {
    std::uint32_t size = 0;
    std::memcpy(&size, rest.data(), sizeof(size));
    const std::string_view text = rest.substr(sizeof(size), size);
    rest.remove_prefix(sizeof(size) + size);
    return text;
}

}  // namespace

Entry::Entry(const sdk::Message& message, const sdk::MessageContext& context, std::size_t on_worker)
    : worker(on_worker),
      direction(context.direction),
      message_kind(message.kind()),
      era(context.era),
      made_by_proxy(context.made_by_proxy),
      exchange(context.exchange),
      stream(context.stream),
      is_message_(true) {
    const bool response = message.is_response();
    pack({context.session, context.upstream, context.revision,
          response ? context.method : message.method(), response ? context.name : message.name(),
          message.id(), message.bytes()});
}

Entry::Entry(const sdk::TransportEvent& event, std::size_t on_worker)
    : worker(on_worker),
      event_kind(event.kind),
      stream(event.stream),
      is_message_(false),
      hop_(event.hop),
      status_(event.status),
      data_bytes_(event.data_bytes),
      retry_ms_(event.retry_ms) {
    pack({event.session, event.upstream, event.method, event.target, event.text, event.event_id,
          event.event_name},
         packed_size(event.headers));
    for (const sdk::HeaderField& field : event.headers) {
        pack_text(text_, field.name);
        pack_text(text_, field.value);
    }
}

void Entry::pack(std::initializer_list<std::string_view> pieces, std::size_t more) {
    std::size_t size = more;
    for (const std::string_view each : pieces)
        size += each.size();
    text_.reserve(size);
    std::size_t index = 0;
    for (const std::string_view each : pieces) {
        text_ += each;
        ends_[index++] = text_.size();
    }
}

std::string_view Entry::piece(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
}

EventRecord Entry::event() const {
    EventRecord event;
    copy_event(event);
    return event;
}

void Entry::copy_event(EventRecord& event) const {
    event.kind = event_kind;
    event.hop = hop_;
    event.session = session();
    event.upstream = upstream();
    event.stream = stream;
    event.method = piece(2);
    event.target = piece(3);
    event.text = piece(4);
    event.status = status_;
    event.event_id = piece(5);
    event.event_name = piece(6);
    event.retry_ms = retry_ms_;
    event.data_bytes = data_bytes_;
    event.redacted = false;
    std::size_t count = 0;
    for (std::string_view rest = std::string_view(text_).substr(ends_.back()); !rest.empty();) {
        if (count == event.headers.size()) event.headers.emplace_back();
        auto& [name, value] = event.headers[count++];
        name = unpack_text(rest);
        value = unpack_text(rest);
    }
    event.headers.resize(count);
}

}  // namespace shadowcat::tape
