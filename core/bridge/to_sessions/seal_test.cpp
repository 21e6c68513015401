// SPDX-License-Identifier: Apache-2.0
// What is sealed opens only unaltered, in its context, under its key.
#include "core/bridge/to_sessions/seal.hpp"

#include <doctest/doctest.h>

using shadowcat::core::Seal;

TEST_CASE("what was sealed opens in the same context") {
    const Seal seal;
    for (const std::string text : {"", "a", "ab", "park 17", "a longer text: \xc3\xa4\n\"{}"}) {
        const auto opened = seal.open(seal.close(text, "alice tools/call"), "alice tools/call");
        REQUIRE(opened);
        CHECK(*opened == text);
    }
}

TEST_CASE("a sealed text shows nothing and is URL-safe; twice the same differs") {
    const Seal seal;
    const std::string sealed = seal.close("a secret that must not show", "context");
    CHECK(sealed.find("secret") == std::string::npos);
    CHECK(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789-_") == std::string::npos);
    CHECK(seal.close("a secret that must not show", "context") != sealed);
}

TEST_CASE("altered anywhere, it doesn't open") {
    const Seal seal;
    const std::string sealed = seal.close("some text", "context");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        CAPTURE(at);
        for (const char other : {'A', 'B', '_', '=', '\n', '+'}) {
            if (sealed[at] == other) continue;
            std::string altered = sealed;
            altered[at] = other;
            CHECK_FALSE(seal.open(altered, "context"));
        }
        CHECK_FALSE(seal.open(sealed.substr(0, at), "context"));
    }
    CHECK_FALSE(seal.open(sealed + "-TAMPERED", "context"));
    CHECK_FALSE(seal.open(sealed + "=", "context"));
    CHECK_FALSE(seal.open("", "context"));
}

TEST_CASE("another context or another key doesn't open it") {
    const Seal seal, other;
    const std::string sealed = seal.close("some text", "alice");
    CHECK_FALSE(seal.open(sealed, "bob"));
    CHECK_FALSE(seal.open(sealed, ""));
    CHECK_FALSE(other.open(sealed, "alice"));
}
