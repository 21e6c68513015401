// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA256, cut to four bytes.
#include "record/marker.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>
#include <utility>

namespace shadowcat::tape {

Marker::Marker() {
    if (::RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1)
        throw std::runtime_error("no random bytes for a tape's key");
}

std::string Marker::of(std::string_view secret) const {
    if (secret.empty() || secret.size() > kLongestKept) return hashed(secret);
    for (const Kept& each : kept_)
        if (each.secret == secret) return each.text;
    Kept& oldest = kept_[std::exchange(next_, (next_ + 1) % kKept)];
    oldest.secret = secret;
    return oldest.text = hashed(secret);
}

std::string Marker::hashed(std::string_view secret) const {
    static constexpr char kDigits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    const auto* const data = reinterpret_cast<const unsigned char*>(secret.data());
    if (::HMAC(::EVP_sha256(), key_.data(), static_cast<int>(key_.size()), data, secret.size(),
               digest, nullptr) == nullptr)
        return std::string(kPlain);
    std::string text = "[redacted:";
    for (int i = 0; i < 4; ++i)
        (text += kDigits[digest[i] >> 4]) += kDigits[digest[i] & 15];
    return text += ']';
}

}  // namespace shadowcat::tape
