// SPDX-License-Identifier: Apache-2.0
// What a replayed server says to questions that any server gets, if its tape doesn't have them.
#pragma once

#include "replay/recording.hpp"

#include <optional>

namespace shadowcat::tape {

/// The refusal that shows a client of the other era in which one this server lives: `initialize` to
/// a server without sessions, `server/discover` to one with. Empty for anything else.
std::optional<sdk::Message> other_era_refusal(const sdk::Message& request, const TapeInit& init);

/// An answer to `initialize`, `server/discover` or `ping`, with the tape's revision and the
/// capabilities that what was recorded shows. Empty for any other request.
std::optional<sdk::Message> stand_in_answer(const sdk::Message& request,
                                            const Recording& recording);

}  // namespace shadowcat::tape
