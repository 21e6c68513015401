// SPDX-License-Identifier: Apache-2.0
// Compares neighbours.
#include "format/sequence_check.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

std::string missing(std::uint64_t from, std::uint64_t to) {
    if (from == to) return "frame " + std::to_string(from) + " is missing";
    return "frames " + std::to_string(from) + " to " + std::to_string(to) + " are missing";
}

}  // namespace

void ProblemList::add(TapeProblem::Kind kind, std::uint64_t line, std::string text) {
    ++count;
    if (kept.size() < TapeReader::kMaxProblems)
        kept.push_back(TapeProblem{kind, line, std::move(text)});
}

void ProblemList::remove_last() {
    if (count-- <= TapeReader::kMaxProblems) kept.pop_back();
}

void SequenceCheck::check(const TapeLine& frame, ProblemList& problems) {
    const std::uint64_t seq = frame.seq;
    const bool known = last_seq_.has_value() || from_zero_;
    const std::uint64_t expected = last_seq_ ? *last_seq_ + 1 : 0;
    const bool back = known && seq < expected;
    if (known && seq > expected)
        problems.add(TapeProblem::Kind::sequence_gap, frame.line_number,
                     missing(expected, seq - 1));
    if (back)
        problems.add(TapeProblem::Kind::out_of_order, frame.line_number,
                     "frame " + std::to_string(seq) + " stands behind frame " +
                         std::to_string(expected - 1));
    if (known && !back && frame.ts_ms < last_ts_)
        problems.add(TapeProblem::Kind::out_of_order, frame.line_number,
                     "the time of frame " + std::to_string(seq) + " goes back");
    last_seq_ = back ? expected - 1 : seq;
    last_ts_ = std::max(frame.ts_ms, known ? last_ts_ : 0);
    from_zero_ = false;
}

}  // namespace shadowcat::tape
