// SPDX-License-Identifier: Apache-2.0
// What a TapeReader is inside.
#pragma once

#include "format/frame_index.hpp"
#include "format/line_parser.hpp"
#include "format/part_chain.hpp"
#include "format/sequence_check.hpp"
#include "format/tape_reader.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::tape {

class TapeReader::State {
public:
    explicit State(PartChain chain) : parts(std::move(chain)) {}

    /// Reads the first line.
    sdk::Result<void> begin();
    std::optional<TapeLine> next();
    void seek(const FrameIndex::Place* from,
              const std::function<bool(const LineParser::Position&)>& wanted);

    PartChain parts;
    TapeInit init;
    FrameIndex index;
    ProblemList problems;

private:
    bool next_text(std::string_view& text);
    bool accept(std::string_view text, TapeLine& line);
    void enter_part(std::string_view text);
    void at_end(bool torn);
    void problem(TapeProblem::Kind kind, std::string text);
    void go_to_beginning();

    LineParser parser_;
    SequenceCheck sequence_;
    bool torn_ = false;           // the last problem is a torn end that may still be continued
    std::uint64_t promised_ = 0;  // the part that the current one says comes next
    bool missed_ = false;         // that is known to be missing
};

}  // namespace shadowcat::tape
