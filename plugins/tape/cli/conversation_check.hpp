// SPDX-License-Identifier: Apache-2.0
// ConversationCheck: whether the messages on a tape make a conversation.
#pragma once

#include "cli/finding.hpp"
#include "cli/pairing.hpp"
#include "format/tape_line.hpp"

#include <cstdint>

namespace shadowcat::tape {

/// Follows the lines of a tape in order, in bounded memory.
class ConversationCheck {
public:
    ConversationCheck(const TapeInit& init, Findings& findings);

    void follow(const TapeLine& line);

    /// After the last line.
    void finish();

    bool ended() const noexcept { return ended_; }
    bool has_gaps() const noexcept { return gaps_; }
    std::uint64_t frames() const noexcept { return frames_; }

private:
    using Severity = Finding::Severity;

    void follow_frame(const TapeLine& frame);
    void check_message(const TapeLine& frame);
    void check_opening(const TapeLine& frame);
    void check_pairing(const TapeLine& frame);
    void say(Severity severity, const TapeLine& line, std::string_view kind, std::string text);

    const TapeInit& init_;
    Findings& findings_;
    Pairing pairing_;
    std::uint64_t frames_ = 0;
    bool opened_ = false;  // by the client's first request
    bool gaps_ = false;
    bool ended_ = false;
};

}  // namespace shadowcat::tape
