// SPDX-License-Identifier: Apache-2.0
// ProblemList and SequenceCheck: what is wrong with a tape, kept in bounded memory.
#pragma once

#include "format/tape_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::tape {

class ProblemList {
public:
    void add(TapeProblem::Kind kind, std::uint64_t line, std::string text);

    /// Takes back what was added last (a torn end that was continued).
    void remove_last();

    std::uint64_t count = 0;
    std::vector<TapeProblem> kept;
};

/// Frames are numbered one after the other, and time doesn't go back.
class SequenceCheck {
public:
    void check(const TapeLine& frame, ProblemList& problems);

    /// The next frame may have any number.
    void forget() {
        last_seq_.reset();
        from_zero_ = false;
    }

    void expect(std::uint64_t first_seq) {
        last_seq_ = first_seq == 0 ? std::nullopt : std::optional(first_seq - 1);
        from_zero_ = first_seq == 0;
    }

private:
    std::optional<std::uint64_t> last_seq_;
    bool from_zero_ = false;
    double last_ts_ = 0;
};

}  // namespace shadowcat::tape
