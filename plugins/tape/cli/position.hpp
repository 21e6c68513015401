// SPDX-License-Identifier: Apache-2.0
// Position: a place on a tape as users name it: a frame's number, or a time since it began.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "format/tape_line.hpp"

#include <cstdint>
#include <string>

namespace shadowcat::tape {

class Position {
public:
    /// `120` (a frame), `1500ms`, `2.5s`, `3min`, `1h`. Fails with `config` and one sentence.
    static sdk::Result<Position> parse(const std::string& text);

    bool is_time() const noexcept { return is_time_; }
    std::uint64_t seq() const noexcept { return seq_; }
    double ts_ms() const noexcept { return ts_ms_; }

    /// Whether `line` stands behind it. Lines that are no frames have no number: never, then.
    bool is_before(const TapeLine& line) const noexcept;

private:
    bool is_time_ = false;
    std::uint64_t seq_ = 0;
    double ts_ms_ = 0;
};

}  // namespace shadowcat::tape
