// SPDX-License-Identifier: Apache-2.0
// Minting tokens and finding streams.
#include "sse_streams.hpp"

#include "sse_stream.hpp"

#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace shadowcat::http {

std::string SseStreams::mint() const {
    std::array<unsigned char, 16> random;
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
        throw std::runtime_error("the system's random source failed");
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string token = std::to_string(worker_) + "-";
    for (const unsigned char byte : random) {
        token += digits[byte >> 4];
        token += digits[byte & 15];
    }
    return token;
}

SseStream* SseStreams::find(std::string_view token, std::string_view principal) const {
    const auto found = by_token_.find(std::string(token));
    if (found == by_token_.end() || found->second->principal() != principal) return nullptr;
    return found->second;
}

std::optional<std::size_t> SseStreams::worker_of(std::string_view token) noexcept {
    std::size_t worker = 0;
    const char* const end = token.data() + token.size();
    const auto [stop, failed] = std::from_chars(token.data(), end, worker);
    if (failed != std::errc() || stop == end || *stop != '-') return std::nullopt;
    return worker;
}

SseStreams::Entry::Entry(SseStreams& streams, SseStream& stream)
    : streams_(streams), token_(streams.mint()) {
    streams_.by_token_.emplace(token_, &stream);
}

}  // namespace shadowcat::http
