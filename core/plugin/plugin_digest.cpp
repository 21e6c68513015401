// SPDX-License-Identifier: Apache-2.0
// The SHA-256 of a plugin's file.
#include "core/plugin/hex.hpp"
#include "core/plugin/plugin_file.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <optional>

namespace shadowcat::core {

namespace {

std::optional<std::string> sha256_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> digest(EVP_MD_CTX_new(),
                                                                    EVP_MD_CTX_free);
    if (!file || !digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1) {
        return std::nullopt;
    }
    std::array<char, 65536> block{};
    while (file.read(block.data(), block.size()), file.gcount() > 0) {
        EVP_DigestUpdate(digest.get(), block.data(), static_cast<std::size_t>(file.gcount()));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
    unsigned int size = 0;
    if (file.bad() || EVP_DigestFinal_ex(digest.get(), value.data(), &size) != 1) return {};
    return to_hex(std::span(value.data(), size));
}

}  // namespace

sdk::Result<void> check_plugin_digest(const std::filesystem::path& path, std::string expected) {
    if (expected.empty()) return {};
    for (char& c : expected) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    const std::optional<std::string> found = sha256_of(path);
    if (found == expected) return {};
    return sdk::Error(sdk::ErrorCode::config, "plugin file " + path.string() +
                                                  " is not the one that was approved: sha256 is " +
                                                  found.value_or("unreadable") + ", expected " +
                                                  expected);
}

}  // namespace shadowcat::core
