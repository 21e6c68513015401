// SPDX-License-Identifier: Apache-2.0
// Compares names without case and punctuation.
#include "record/secret_names.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::tape {

namespace {

constexpr std::array<std::string_view, 10> kSecretWords = {
    "authorization", "token",  "secret",    "password",   "passwd",
    "apikey",        "cookie", "sessionid", "credential", "privatekey"};
constexpr std::array<std::string_view, 3> kSecretHeaders = {"auth", "xauth", "dpop"};
constexpr std::array<std::string_view, 8> kSecretParameters = {
    "key", "code", "sig", "signature", "session", "auth", "state", "assertion"};

std::string letters_of(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c + ('a' - 'A'));
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
    }
    return letters;
}

constexpr std::array<bool, 256> first_letters() {
    std::array<bool, 256> first{};
    for (const std::string_view word : kSecretWords)
        first[static_cast<unsigned char>(word.front())] = true;
    return first;
}

bool begins_with_secret_word(std::string_view letters) {
    return std::ranges::any_of(
        kSecretWords, [letters](std::string_view word) { return letters.starts_with(word); });
}

bool holds_secret_word(std::string_view letters) {
    static constexpr std::array<bool, 256> kFirst = first_letters();
    for (; !letters.empty(); letters.remove_prefix(1))
        if (kFirst[static_cast<unsigned char>(letters.front())] && begins_with_secret_word(letters))
            return true;
    return false;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view letters) {
    return std::ranges::find(words, letters) != words.end();
}

}  // namespace

bool is_secret_header(std::string_view name) {
    const std::string letters = letters_of(name);
    return holds_secret_word(letters) || is_one_of(kSecretHeaders, letters);
}

bool is_secret_member(std::string_view key) {
    const std::string letters = letters_of(key.substr(key.rfind('/') + 1));
    return letters != "progresstoken" && holds_secret_word(letters);
}

bool is_secret_parameter(std::string_view name) {
    const std::string letters = letters_of(name);
    return holds_secret_word(letters) || is_one_of(kSecretParameters, letters);
}

}  // namespace shadowcat::tape
