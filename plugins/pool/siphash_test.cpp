// SPDX-License-Identifier: Apache-2.0
// siphash: the paper's own example, and that the key matters.
#include "siphash.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace shadowcat::pool;

namespace {

const SipKey kPaperKey(0x0706050403020100, 0x0f0e0d0c0b0a0908);

std::string counting(char size) {
    std::string text;
    for (char i = 0; i < size; ++i)
        text += i;
    return text;
}

}  // namespace

TEST_CASE("the hash is SipHash-2-4") {
    CHECK(siphash(kPaperKey, counting(15)) == 0xa129ca6149be45e5);  // appendix A of the paper
    CHECK(siphash(kPaperKey, "") == 0x726fdb47dd0e0e31);            // the first reference vector
}

TEST_CASE("another key is another hash") {
    CHECK(siphash(SipKey(1, 2), "text") != siphash(SipKey(1, 3), "text"));
    CHECK(siphash(SipKey(1, 2), "text") != siphash(SipKey(2, 2), "text"));
}

TEST_CASE("texts that differ only in zero bytes differ") {
    CHECK(siphash(kPaperKey, std::string(8, '\0')) != siphash(kPaperKey, std::string(9, '\0')));
}
