// SPDX-License-Identifier: Apache-2.0
// Minting and recognising session ids.
#include "core/session/session_id.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <functional>
#include <span>
#include <stdexcept>

namespace shadowcat::core {

namespace {

constexpr std::size_t kWorkerDigits = 2;
constexpr std::size_t kRandomBytes = 16;
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kBodyDigits = kWorkerDigits + 2 * kRandomBytes;
constexpr std::size_t kDigits = kBodyDigits + 2 * kCheckBytes;

void fill_random(std::span<unsigned char> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("the system's random source failed");
    }
}

void append_hex(std::string& text, std::span<const unsigned char> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const unsigned char byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

unsigned value_of(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

bool has_our_shape(std::string_view id) {
    return id.size() == kDigits && std::ranges::all_of(id, is_hex);
}

}  // namespace

std::string random_hex(std::size_t bytes) {
    std::array<unsigned char, kRandomBytes> random;
    const auto used = std::span(random).first(bytes);
    fill_random(used);
    std::string text;
    append_hex(text, used);
    return text;
}

SessionIds::SessionIds() { fill_random(key_); }

std::string SessionIds::mint(std::size_t worker) const {
    std::array<unsigned char, kRandomBytes> random;
    fill_random(random);
    const unsigned char index[] = {static_cast<unsigned char>(worker)};
    std::string id;
    id.reserve(kDigits);
    append_hex(id, index);
    append_hex(id, random);
    id += check_of(id);
    return id;
}

bool SessionIds::minted(std::string_view id) const {
    if (!has_our_shape(id)) return false;
    const std::string expected = check_of(id.substr(0, kBodyDigits));
    return CRYPTO_memcmp(expected.data(), id.data() + kBodyDigits, expected.size()) == 0;
}

/// Looks at no more of the id than it needs: `minted` tells ours from others.
std::size_t SessionIds::worker_of(std::string_view id, std::size_t workers) noexcept {
    const bool names_one = id.size() == kDigits && is_hex(id[0]) && is_hex(id[1]);
    if (names_one) return (value_of(id[0]) * 16 + value_of(id[1])) % workers;
    return std::hash<std::string_view>()(id) % workers;
}

std::string SessionIds::check_of(std::string_view body) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest.data(), &size);
    std::string text;
    append_hex(text, std::span(digest).first(kCheckBytes));
    return text;
}

}  // namespace shadowcat::core
