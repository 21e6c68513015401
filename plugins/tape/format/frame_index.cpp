// SPDX-License-Identifier: Apache-2.0
// Keeps one place in a thousand.
#include "format/frame_index.hpp"

#include <tuple>

namespace shadowcat::tape {

void FrameIndex::add(const Place& frame) {
    const auto position = [](const Place& place) { return std::tie(place.part, place.offset); };
    if (!places_.empty() && position(frame) <= position(last_)) return;
    last_ = frame;
    if (places_.empty() || ++since_ == kEvery) {
        places_.push_back(frame);
        since_ = 0;
    }
}

// From the front: where numbers go back, the first that fits is meant.
const FrameIndex::Place* FrameIndex::before_seq(std::uint64_t seq) const noexcept {
    const Place* found = nullptr;
    for (const Place& place : places_) {
        if (place.seq >= seq) break;
        found = &place;
    }
    return found;
}

const FrameIndex::Place* FrameIndex::before_time(double ts_ms) const noexcept {
    const Place* found = nullptr;
    for (const Place& place : places_) {
        if (place.ts_ms >= ts_ms) break;
        found = &place;
    }
    return found;
}

}  // namespace shadowcat::tape
