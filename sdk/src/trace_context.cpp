// SPDX-License-Identifier: Apache-2.0
// Reading, making and writing of traceparent.
#include "shadowcat/sdk/trace_context.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <span>

namespace shadowcat::sdk::inline v1 {

namespace {

constexpr std::size_t kSize = 55;
constexpr std::string_view kDigits = "0123456789abcdef";

bool is_hex(std::string_view text) {
    return text.find_first_not_of(kDigits) == std::string_view::npos;
}

bool all_zero(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

/// Random hex, never all zero. The ids need to be unique, not secret.
void fill(std::span<char> text) {
    unsigned char bytes[16] = {};
    do {
        RAND_bytes(bytes, static_cast<int>(text.size() / 2));
    } while (std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; }));
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = kDigits[i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 15];
}

}  // namespace

std::optional<TraceContext> TraceContext::parse(std::string_view text) noexcept {
    if (text.size() < kSize || text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
    const std::string_view version = text.substr(0, 2), flags = text.substr(53, 2);
    const std::string_view trace = text.substr(3, 32), parent = text.substr(36, 16);
    const bool longer_is_fine = version != "00" && (text.size() == kSize || text[kSize] == '-');
    if (!is_hex(version) || version == "ff" || !is_hex(flags)) return {};
    if (text.size() != kSize && !longer_is_fine) return {};
    if (!is_hex(trace) || !is_hex(parent) || all_zero(trace) || all_zero(parent)) return {};
    TraceContext context;
    std::ranges::copy(trace, context.trace_id_.begin());
    std::ranges::copy(parent, context.span_id_.begin());
    context.sampled_ = (kDigits.find(flags[1]) & 1) != 0;
    return context;
}

TraceContext TraceContext::fresh(bool sampled) {
    TraceContext context;
    fill(context.trace_id_);
    fill(context.span_id_);
    context.sampled_ = sampled;
    return context;
}

TraceContext TraceContext::child() const {
    TraceContext context = *this;
    fill(context.span_id_);
    return context;
}

std::string TraceContext::text() const {
    std::string text = "00-";
    text.append(trace_id()).append("-").append(span_id()).append(sampled_ ? "-01" : "-00");
    return text;
}

}  // namespace shadowcat::sdk::inline v1
