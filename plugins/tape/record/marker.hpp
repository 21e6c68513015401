// SPDX-License-Identifier: Apache-2.0
// Marker: what stands on a tape in the place of a secret.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// Equal secrets of one tape get equal markers, so that one can still see which belong together.
/// The hash is keyed with random bytes that are never written: nobody can try values out, and
/// markers of different tapes tell nothing.
class Marker {
public:
    /// A new key.
    Marker();

    /// `[redacted:1a2b3c4d]`. Remembers the short secrets that came last: a session's id comes with
    /// each request. So a marker is used by one thread at a time.
    std::string of(std::string_view secret) const;

    /// For what is so short that equality alone would tell: answers to forms.
    static constexpr std::string_view kPlain = "[redacted]";

private:
    static constexpr std::size_t kLongestKept = 256;
    static constexpr std::size_t kKept = 8;
    class Kept {
    public:
        std::string secret;
        std::string text;
    };

    std::string hashed(std::string_view secret) const;

    std::array<unsigned char, 32> key_;
    mutable std::array<Kept, kKept> kept_;
    mutable std::size_t next_ = 0;
};

}  // namespace shadowcat::tape
