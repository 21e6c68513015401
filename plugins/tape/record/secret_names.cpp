// SPDX-License-Identifier: Apache-2.0
// Compares names without case and punctuation.
#include "record/secret_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace shadowcat::tape {

namespace {

constexpr std::array<std::string_view, 10> kSecretWords = {
    "authorization", "token",  "secret",    "password",   "passwd",
    "apikey",        "cookie", "sessionid", "credential", "privatekey"};
constexpr std::array<std::string_view, 3> kSecretHeaders = {"auth", "xauth", "dpop"};
constexpr std::array<std::string_view, 8> kSecretParameters = {
    "key", "code", "sig", "signature", "session", "auth", "state", "assertion"};

/// Lower case of letters, digits as they are, 0 for all else.
constexpr std::array<char, 256> folded_characters() {
    std::array<char, 256> folded{};
    for (char c = 'a'; c <= 'z'; ++c)
        folded[static_cast<std::size_t>(c)] = folded[static_cast<std::size_t>(c - 'a' + 'A')] = c;
    for (char c = '0'; c <= '9'; ++c)
        folded[static_cast<std::size_t>(c)] = c;
    return folded;
}

/// The letters and digits of a name, in lower case.
class Letters {
public:
    explicit Letters(std::string_view name) {
        static constexpr std::array<char, 256> kFolded = folded_characters();
        if (name.size() > few_.size()) many_.resize(name.size());
        char* const begin = many_.empty() ? few_.data() : many_.data();
        std::size_t count = 0;
        for (const char c : name) {
            const char folded = kFolded[static_cast<unsigned char>(c)];
            begin[count] = folded;
            count += folded != 0;
        }
        text = std::string_view(begin, count);
    }
    Letters(const Letters&) = delete;
    Letters& operator=(const Letters&) = delete;

    std::string_view text;

private:
    std::array<char, 48> few_;
    std::string many_;  // of long names
};

/// Where the two characters stand in a table; others may stand there too.
constexpr std::size_t pair_of(char first, char second) {
    return static_cast<std::size_t>(first & 31) * 32 + static_cast<std::size_t>(second & 31);
}

constexpr std::array<bool, 32 * 32> beginnings() {
    std::array<bool, 32 * 32> begin{};
    for (const std::string_view word : kSecretWords)
        begin[pair_of(word[0], word[1])] = true;
    return begin;
}

/// `letters` are two at least.
bool begins_with_secret_word(std::string_view letters) {
    return std::ranges::any_of(kSecretWords, [letters](std::string_view word) {
        return word[1] == letters[1] && letters.starts_with(word);
    });
}

/// Most pairs of letters begin no word: only where one does are the words looked at.
bool holds_secret_word(std::string_view letters) {
    static constexpr std::array<bool, 32 * 32> kBegin = beginnings();
    for (std::size_t at = 1; at < letters.size(); ++at)
        if (kBegin[pair_of(letters[at - 1], letters[at])] &&
            begins_with_secret_word(letters.substr(at - 1)))
            return true;
    return false;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view letters) {
    return std::ranges::find(words, letters) != words.end();
}

}  // namespace

bool is_secret_header(std::string_view name) {
    const Letters letters(name);
    return holds_secret_word(letters.text) || is_one_of(kSecretHeaders, letters.text);
}

bool is_secret_member(std::string_view key) {
    const Letters letters(key.substr(key.rfind('/') + 1));
    return letters.text != "progresstoken" && holds_secret_word(letters.text);
}

bool is_secret_parameter(std::string_view name) {
    const Letters letters(name);
    return holds_secret_word(letters.text) || is_one_of(kSecretParameters, letters.text);
}

}  // namespace shadowcat::tape
