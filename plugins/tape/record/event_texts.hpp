// SPDX-License-Identifier: Apache-2.0
// EventTexts: how events were written before. HTTP heads repeat themselves.
#pragma once

#include "format/line_writer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

/// What was made last from some bytes, for each tape (their markers differ). Bounded: some hundred
/// places, each for whatever came last of what has it in common; nothing long.
template <class Made>
class MadeBefore {
public:
    class Place {
    public:
        bool is_of(std::uint64_t tape, std::string_view from) const {
            return tape == tape_ && from == from_;
        }
        void now_of(std::uint64_t tape, std::string_view from) {
            if (from.size() > kLongest) return;
            tape_ = tape;
            from_ = from;
        }

        Made made;

    private:
        std::uint64_t tape_ = 0;
        std::string from_;
    };

    /// `tape` isn't 0; `from` has eight bytes at least.
    Place& place_of(std::uint64_t tape, std::string_view from) {
        if (from.size() > kLongest) return too_long_;
        if (places_.empty()) places_.resize(kPlaces);
        return places_[sample(tape, from) >> (64 - kPlaceBits)];
    }

private:
    static constexpr std::size_t kPlaceBits = 8;
    static constexpr std::size_t kPlaces = std::size_t{1} << kPlaceBits;
    static constexpr std::size_t kLongest = 2048;

    /// Not a hash of all: what is found is compared anyway.
    static std::uint64_t sample(std::uint64_t tape, std::string_view from) {
        constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;  // 2^64 divided by the golden ratio
        std::uint64_t mixed = tape * kMix + from.size();
        for (const std::size_t at : {std::size_t{0}, (from.size() - 8) / 2, from.size() - 8}) {
            std::uint64_t word = 0;
            std::memcpy(&word, from.data() + at, sizeof(word));
            mixed = (mixed ^ word) * kMix;
        }
        return mixed;
    }

    std::vector<Place> places_;
    Place too_long_;
};

/// A header field as it stands on a line.
class HeaderText {
public:
    std::string text;
    bool redacted = false;
};

/// Shared by the tapes of one recorder.
class EventTexts {
public:
    /// A number for a tape.
    std::uint64_t next_tape() { return ++tapes_; }

    MadeBefore<EventText> events;
    MadeBefore<HeaderText> headers;

private:
    std::uint64_t tapes_ = 0;
};

}  // namespace shadowcat::tape
