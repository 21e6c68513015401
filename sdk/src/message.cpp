// SPDX-License-Identifier: Apache-2.0
// Reading and splicing the bytes of a Message.
#include "shadowcat/sdk/message.hpp"

#include "envelope_reader.hpp"

#include <simdjson.h>

#include <cstring>

namespace shadowcat::sdk::inline v1 {

Result<Message> Message::parse(std::string bytes, const ParseLimits& limits) {
    return EnvelopeReader::read(std::move(bytes), limits);
}

Message Message::opaque(std::string line) {
    Message message;
    message.bytes_ = std::move(line);
    return message;
}

std::string_view Message::unquoted(Part part) const noexcept {
    const std::string_view token = text(part);
    return token.size() >= 2 && token.front() == '"' ? token.substr(1, token.size() - 2)
                                                     : std::string_view();
}

std::string_view Message::method() const noexcept {
    return unescaped_method_.empty() ? unquoted(Part::method) : unescaped_method_;
}

std::string_view Message::name() const noexcept {
    return unescaped_name_.empty() ? unquoted(Part::name) : unescaped_name_;
}

void Message::splice(Part part, std::string_view token) {
    const Span old = spans_[static_cast<std::size_t>(part)];
    if (old.size == 0) return;
    replace(old.offset, old.size, token);
    spans_[static_cast<std::size_t>(part)].size = static_cast<std::uint32_t>(token.size());
}

void Message::replace(std::uint32_t offset, std::uint32_t size, std::string_view text) {
    bytes_.replace(offset, size, text);
    const auto shift = static_cast<std::uint32_t>(text.size()) - size;  // wraps when shorter
    for (Span& span : spans_) {
        const bool around = span.offset < offset && span.offset + span.size > offset;
        if (around) span.size += shift;
        if (span.offset > offset || (span.offset == offset && size == 0)) span.offset += shift;
    }
}

void Message::set_traceparent(std::string_view value) {
    if (is_response()) return;
    const std::string token = std::string("\"").append(value).append("\"");
    if (span(Part::traceparent).size != 0) return splice(Part::traceparent, token);
    if (span(Part::meta).size != 0) return insert_traceparent(Part::meta, "", token, "");
    if (span(Part::params).size != 0) {
        return insert_traceparent(Part::params, "\"_meta\":{", token, "}");
    }
    const auto brace = static_cast<std::uint32_t>(bytes_.find('{'));
    insert_traceparent(brace, "\"params\":{\"_meta\":{", token, "}}", false);
}

void Message::insert_traceparent(Part into, std::string_view before, std::string_view token,
                                 std::string_view after) {
    const Span whole = span(into);
    if (bytes_[whole.offset] != '{') return;
    const std::size_t next = bytes_.find_first_not_of(" \t\r\n", whole.offset + 1);
    insert_traceparent(whole.offset, before, token, after, bytes_[next] == '}');
}

/// Behind the brace at `brace`; offsets of what is new are not kept, except for the value's.
void Message::insert_traceparent(std::uint32_t brace, std::string_view before,
                                 std::string_view token, std::string_view after, bool alone) {
    std::string text(before);
    text.append("\"traceparent\":");
    const auto value = static_cast<std::uint32_t>(brace + 1 + text.size());
    text.append(token).append(after).append(alone ? "" : ",");
    replace(brace + 1, 0, text);
    span(Part::traceparent).offset = value;
    span(Part::traceparent).size = static_cast<std::uint32_t>(token.size());
}

void Message::make_single_line() {
    const std::size_t ends_line = bytes_.ends_with('\r') ? 1 : 0;
    if (is_opaque() || (!std::memchr(bytes_.data(), '\n', bytes_.size()) &&
                        !std::memchr(bytes_.data(), '\r', bytes_.size() - ends_line))) {
        return;
    }
    std::string compact(bytes_.size() + simdjson::SIMDJSON_PADDING, '\0');
    std::size_t size = 0;
    if (simdjson::minify(bytes_.data(), bytes_.size(), compact.data(), size)) return;
    compact.resize(size);
    const ParseLimits same(size, EnvelopeReader::kDeepest);
    *this = EnvelopeReader::read(std::move(compact), same).value();
}

}  // namespace shadowcat::sdk::inline v1
