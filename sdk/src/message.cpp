// SPDX-License-Identifier: Apache-2.0
// Reading and splicing the bytes of a Message.
#include "shadowcat/sdk/message.hpp"

#include "envelope_reader.hpp"

#include <simdjson.h>

#include <cstring>

namespace shadowcat::sdk::inline v1 {

const std::string Message::kNoBytes;

Message::Message(const Message& other) : body_(other.body_ ? new Body(*other.body_) : nullptr) {}

Message& Message::operator=(const Message& other) {
    if (body_ && other.body_) {  // which has memory that can be used again
        *body_ = *other.body_;
        return *this;
    }
    Message copy(other);
    std::swap(body_, copy.body_);
    return *this;
}

void Message::discard(Body* body) noexcept { delete body; }

std::string Message::release() && noexcept {
    if (!body_) return {};
    const Message over(std::move(*this));
    return std::move(over.body_->bytes);
}

Result<Message> Message::parse(std::string bytes, const ParseLimits& limits) {
    return EnvelopeReader::read(std::move(bytes), limits);
}

Message Message::opaque(std::string line) { return Message(std::move(line)); }

std::string_view Message::unquoted(Part part) const noexcept {
    const std::string_view token = text(part);
    return token.size() >= 2 && token.front() == '"' ? token.substr(1, token.size() - 2)
                                                     : std::string_view();
}

std::string_view Message::method() const noexcept {
    if (body_ && !body_->unescaped_method.empty()) return body_->unescaped_method;
    return unquoted(Part::method);
}

std::string_view Message::name() const noexcept {
    if (body_ && !body_->unescaped_name.empty()) return body_->unescaped_name;
    return unquoted(Part::name);
}

void Message::splice(Part part, std::string_view token) {
    if (text(part).empty()) return;
    const Span old = span(part);
    replace(old.offset, old.size, token);
    span(part).size = static_cast<std::uint32_t>(token.size());
}

void Message::replace(std::uint32_t offset, std::uint32_t size, std::string_view text) {
    body_->bytes.replace(offset, size, text);
    const auto shift = static_cast<std::uint32_t>(text.size()) - size;  // wraps when shorter
    for (Span& span : body_->spans) {
        const bool around = span.offset < offset && span.offset + span.size > offset;
        if (around) span.size += shift;
        if (span.offset > offset || (span.offset == offset && size == 0)) span.offset += shift;
    }
}

void Message::set_traceparent(std::string_view value) {
    if (!body_ || is_response()) return;
    const std::string token = std::string("\"").append(value).append("\"");
    if (span(Part::traceparent).size != 0) return splice(Part::traceparent, token);
    if (span(Part::meta).size != 0) return insert_traceparent(Part::meta, "", token, "");
    if (span(Part::params).size != 0) {
        return insert_traceparent(Part::params, "\"_meta\":{", token, "}");
    }
    const auto brace = static_cast<std::uint32_t>(bytes().find('{'));
    insert_traceparent(brace, "\"params\":{\"_meta\":{", token, "}}", false);
}

void Message::insert_traceparent(Part into, std::string_view before, std::string_view token,
                                 std::string_view after) {
    const Span whole = span(into);
    if (bytes()[whole.offset] != '{') return;
    const std::size_t next = bytes().find_first_not_of(" \t\r\n", whole.offset + 1);
    insert_traceparent(whole.offset, before, token, after, bytes()[next] == '}');
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
    const std::string& text = bytes();
    const std::size_t ends_line = text.ends_with('\r') ? 1 : 0;
    if (is_opaque() || (!std::memchr(text.data(), '\n', text.size()) &&
                        !std::memchr(text.data(), '\r', text.size() - ends_line))) {
        return;
    }
    std::string compact(text.size() + simdjson::SIMDJSON_PADDING, '\0');
    std::size_t size = 0;
    if (simdjson::minify(text.data(), text.size(), compact.data(), size)) return;
    compact.resize(size);
    const ParseLimits same(size, EnvelopeReader::kDeepest);
    *this = EnvelopeReader::read(std::move(compact), same).value();
}

}  // namespace shadowcat::sdk::inline v1
