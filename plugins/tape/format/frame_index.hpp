// SPDX-License-Identifier: Apache-2.0
// FrameIndex: where every thousandth frame of a tape stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace shadowcat::tape {

class FrameIndex {
public:
    static constexpr std::size_t kEvery = 1000;

    class Place {
    public:
        std::uint64_t part = 1;
        std::uint64_t offset = 0;  ///< in the part's file
        std::uint64_t line = 1;    ///< in the part's file
        std::uint64_t seq = 0;     ///< of the frame there
        double ts_ms = 0;
        bool operator==(const Place&) const = default;
    };

    /// Frames in the order in which they stand on the tape; one that was added already, or stands
    /// before one that was, is ignored.
    void add(const Place& frame);

    /// The last place from which to read on to the first frame with `seq` or a later one; null:
    /// from the beginning.
    const Place* before_seq(std::uint64_t seq) const noexcept;
    const Place* before_time(double ts_ms) const noexcept;

    std::size_t size() const noexcept { return places_.size(); }

private:
    std::vector<Place> places_;
    Place last_;
    std::size_t since_ = 0;  // frames behind the last place
};

}  // namespace shadowcat::tape
