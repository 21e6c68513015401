// SPDX-License-Identifier: Apache-2.0
// The algorithm as its paper describes it, with two rounds per word and four at the end.
#include "siphash.hpp"

#include <bit>
#include <cstddef>

namespace shadowcat::pool {

namespace {

class State {
public:
    explicit State(const SipKey& key)
        : v0_(key.low ^ 0x736f6d6570736575),
          v1_(key.high ^ 0x646f72616e646f6d),
          v2_(key.low ^ 0x6c7967656e657261),
          v3_(key.high ^ 0x7465646279746573) {}

    void absorb(std::uint64_t word) {
        v3_ ^= word;
        rounds(2);
        v0_ ^= word;
    }

    std::uint64_t finish() {
        v2_ ^= 0xff;
        rounds(4);
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

private:
    void rounds(int count) {
        for (; count > 0; --count) {
            half_round(v0_, v1_, v2_, v3_, 13, 16);
            half_round(v2_, v1_, v0_, v3_, 17, 21);
        }
    }
    static void half_round(std::uint64_t& a, std::uint64_t& b, std::uint64_t& c, std::uint64_t& d,
                           int left, int right) {
        a += b;
        c += d;
        b = std::rotl(b, left) ^ a;
        d = std::rotl(d, right) ^ c;
        a = std::rotl(a, 32);
    }

    std::uint64_t v0_, v1_, v2_, v3_;
};

/// Up to eight bytes, the first the lowest.
std::uint64_t word_of(std::string_view bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return word;
}

}  // namespace

std::uint64_t siphash(const SipKey& key, std::string_view text) noexcept {
    State state(key);
    const std::uint64_t size = text.size();
    for (; text.size() >= 8; text.remove_prefix(8))
        state.absorb(word_of(text.substr(0, 8)));
    state.absorb(word_of(text) | size << 56);
    return state.finish();
}

}  // namespace shadowcat::pool
