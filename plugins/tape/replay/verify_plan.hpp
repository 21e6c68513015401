// SPDX-License-Identifier: Apache-2.0
// What of a tape is asked again of a live server, and how the questions are put.
#pragma once

#include "replay/recording.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shadowcat::tape {

/// One recorded exchange: to be asked again, or not.
class VerifyStep {
public:
    VerifyStep(std::uint32_t which, std::string why_not)
        : exchange(which), skipped(std::move(why_not)) {}

    std::uint32_t exchange;
    std::string skipped;  ///< why it isn't asked, as half a sentence; empty: it is
};

/// All exchanges in recorded order. Not asked: tools (unless `call_tools`), what was redacted, what
/// has no answer on the tape, streams, tasks of other sessions, a second handshake.
std::vector<VerifyStep> plan_verification(const Recording& recording, bool call_tools);

/// The values that a server hands out to get them back: cursors and request states. Those on the
/// tape mean nothing to another server, or to the same on another day.
class HandedOut {
public:
    /// Where the recorded answer handed something out, remembers what the live one did there.
    void learn(const sdk::Message& recorded, const sdk::Message& live);

    /// Puts today's values in the place of recorded ones. Fails, saying what is missing, when the
    /// live server has not handed out any.
    sdk::Result<void> renew(std::string& params) const;

private:
    std::unordered_map<std::string, std::string> now_;  // JSON text, by the recorded
};

/// The recorded `request` as it can be sent today: with the id `id` (a number), a progress token of
/// its own if there was one, today's cursors and states, and no trace context.
sdk::Result<sdk::Message> renewed_request(const sdk::Message& request, std::uint64_t id,
                                          const HandedOut& handed_out);

/// Answers the live server's questions as the client did, the first of a method with the first
/// answer and so on, the last again and again.
class RecordedAnswers {
public:
    explicit RecordedAnswers(const Recording& recording) : recording_(recording) {}

    /// The response to `question`: a recorded one with the id of today, else "method not found".
    sdk::Message answer(const sdk::Message& question);

private:
    const Recording& recording_;
    std::unordered_map<std::string, std::size_t> given_;  // by method: how many
};

}  // namespace shadowcat::tape
