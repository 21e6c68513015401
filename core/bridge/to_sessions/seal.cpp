// SPDX-License-Identifier: Apache-2.0
// Sealing with OpenSSL.
#include "core/bridge/to_sessions/seal.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <span>
#include <stdexcept>

namespace shadowcat::core {

namespace {

using Bytes = std::basic_string<unsigned char>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

void fill_random(std::span<unsigned char> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw std::runtime_error("the system's random source failed");
    }
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string to_base64url(const Bytes& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    text.resize(text.find_last_not_of('=') + 1);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

/// Only what `to_base64url` gives: no other spelling of the same bytes.
std::optional<Bytes> from_base64url(std::string_view sealed) {
    std::string text(sealed);
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    const std::size_t padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    Bytes bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(bytes.data(), bytes_of(text), static_cast<int>(text.size()));
    if (size < static_cast<int>(padding)) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    if (to_base64url(bytes) != sealed) return std::nullopt;
    return bytes;
}

Cipher new_cipher() { return Cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free); }

}  // namespace

Seal::Seal() { fill_random(key_); }

std::string Seal::close(std::string_view text, std::string_view context) const {
    Bytes sealed(kNonceBytes + text.size() + kTagBytes, '\0');
    fill_random(std::span(sealed).first(kNonceBytes));
    unsigned char* const body = sealed.data() + kNonceBytes;
    const Cipher cipher = new_cipher();
    EVP_CIPHER_CTX* const it = cipher.get();
    int size = 0;
    const bool done =
        EVP_EncryptInit_ex(it, EVP_aes_256_gcm(), nullptr, key_.data(), sealed.data()) == 1 &&
        EVP_EncryptUpdate(it, nullptr, &size, bytes_of(context),
                          static_cast<int>(context.size())) == 1 &&
        EVP_EncryptUpdate(it, body, &size, bytes_of(text), static_cast<int>(text.size())) == 1 &&
        EVP_EncryptFinal_ex(it, body + text.size(), &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(it, EVP_CTRL_GCM_GET_TAG, kTagBytes, body + text.size()) == 1;
    if (!done) throw std::runtime_error("AES-256-GCM failed");
    return to_base64url(sealed);
}

std::optional<std::string> Seal::open(std::string_view sealed, std::string_view context) const {
    std::optional<Bytes> bytes = from_base64url(sealed);
    if (!bytes || bytes->size() < kNonceBytes + kTagBytes) return std::nullopt;
    const std::size_t length = bytes->size() - kNonceBytes - kTagBytes;
    unsigned char* const body = bytes->data() + kNonceBytes;
    std::string text(length, '\0');
    auto* const plain = reinterpret_cast<unsigned char*>(text.data());
    const Cipher cipher = new_cipher();
    EVP_CIPHER_CTX* const it = cipher.get();
    int size = 0;
    const bool genuine =
        EVP_DecryptInit_ex(it, EVP_aes_256_gcm(), nullptr, key_.data(), bytes->data()) == 1 &&
        EVP_DecryptUpdate(it, nullptr, &size, bytes_of(context),
                          static_cast<int>(context.size())) == 1 &&
        EVP_DecryptUpdate(it, plain, &size, body, static_cast<int>(length)) == 1 &&
        EVP_CIPHER_CTX_ctrl(it, EVP_CTRL_GCM_SET_TAG, kTagBytes, body + length) == 1 &&
        EVP_DecryptFinal_ex(it, plain + length, &size) == 1;
    if (!genuine) return std::nullopt;
    return text;
}

}  // namespace shadowcat::core
