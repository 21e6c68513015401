// SPDX-License-Identifier: Apache-2.0
// Marker: what stands on a tape in the place of a secret.
#pragma once

#include <array>
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

    /// `[redacted:1a2b3c4d]`
    std::string of(std::string_view secret) const;

    /// For what is so short that equality alone would tell: answers to forms.
    static constexpr std::string_view kPlain = "[redacted]";

private:
    std::array<unsigned char, 32> key_;
};

}  // namespace shadowcat::tape
