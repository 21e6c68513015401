// SPDX-License-Identifier: Apache-2.0
// A tape's lines as people read them. Nothing that a peer chose reaches the terminal raw.
#pragma once

#include "cli/console.hpp"
#include "cli/pairing.hpp"
#include "format/tape_line.hpp"
#include "format/tape_reader.hpp"

#include <string>

namespace shadowcat::tape {

/// What the message is about: `tools/call echo`.
std::string label_of(const std::string& method, const std::string& name);

class FrameText {
public:
    FrameText(const Style& style, bool whole_messages) : style_(style), full_(whole_messages) {}

    /// The first line of the view, for the whole tape.
    std::string header(const TapeInit& init) const;

    /// With line feeds. `step` is what the pairing made of the frame.
    std::string frame(const TapeLine& line, const Pairing::Step& step) const;
    std::string event(const TapeLine& line) const;
    std::string gap(const TapeLine& line) const;
    std::string end(const TapeLine& line) const;

private:
    std::string prefix(const std::string& seq, const TapeLine& line) const;
    std::string subject(const TapeLine& line, const Pairing::Step& step) const;
    std::string aside(const TapeLine& line, Colour colour, const std::string& text) const;
    std::string excerpt(const TapeLine& line, std::size_t used) const;

    const Style& style_;
    bool full_;
};

}  // namespace shadowcat::tape
