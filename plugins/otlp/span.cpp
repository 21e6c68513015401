// SPDX-License-Identifier: Apache-2.0
// Copies a record.
#include "span.hpp"

namespace shadowcat::otlp {

namespace {

std::string_view cut(std::string_view text) {
    if (text.size() <= Span::kMaxText) return text;
    std::size_t size = Span::kMaxText;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return text.substr(0, size);
}

}  // namespace

Span::Span(const sdk::ExchangeRecord& record)
    : trace(record.trace),
      parent(record.parent_span),
      started(record.started),
      elapsed(record.elapsed),
      first_reply(record.first_reply),
      bytes_in(record.bytes_in),
      bytes_out(record.bytes_out),
      attempts(record.attempts),
      status(record.status),
      error_code(record.error_code) {
    const std::array<std::string_view, kTexts> texts = {
        cut(record.session), cut(record.principal), cut(record.peer),    cut(record.method),
        cut(record.name),    cut(record.upstream),  cut(record.outcome), cut(record.reason)};
    std::size_t size = 0;
    for (const std::string_view each : texts)
        size += each.size();
    texts_.reserve(size);
    for (std::size_t i = 0; i < kTexts; ++i) {
        texts_.append(texts[i]);
        ends_[i] = static_cast<std::uint16_t>(texts_.size());
    }
}

std::string_view Span::text(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(texts_).substr(begin, ends_[index] - begin);
}

}  // namespace shadowcat::otlp
