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
    bytes_.replace(old.offset, old.size, token);
    const auto shift = static_cast<std::uint32_t>(token.size()) - old.size;  // wraps when shorter
    for (Span& span : spans_) {
        if (span.offset > old.offset) span.offset += shift;
    }
    spans_[static_cast<std::size_t>(part)].size = static_cast<std::uint32_t>(token.size());
}

void Message::make_single_line() {
    if (!std::memchr(bytes_.data(), '\n', bytes_.size()) &&
        !std::memchr(bytes_.data(), '\r', bytes_.size())) {
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
