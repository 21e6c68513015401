// SPDX-License-Identifier: Apache-2.0
// Record: what a worker notes of a message or event for the thread that shows it.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "entry.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace shadowcat::watch {

/// Which of the viewers (output among them) something is for: one bit each.
using ViewerBits = std::uint32_t;

/// A text that messages are searched for, on behalf of one viewer.
class Needle {
public:
    Needle(ViewerBits whose, std::string what) : viewer(whose), text(std::move(what)) {}

    ViewerBits viewer;
    std::string text;
};

/// What the viewers there are want to be noted of each message.
class Wanted {
public:
    std::size_t payload_bytes = 0;
    std::vector<Needle> needles;
};

/// Bounded, whatever the message: the texts that are copied are cut.
class Record {
public:
    Entry entry;
    sdk::TimePoint at;           ///< When, on the clock that never jumps.
    std::size_t worker = 0;      ///< Where `exchange` counts.
    std::uint64_t exchange = 0;  ///< As `MessageContext::exchange`.
    std::string cancelled_id;    ///< The request that the message cancels.
    ViewerBits found = 0;        ///< Viewers whose needle is in it.

    /// About how much memory it takes.
    std::size_t size() const noexcept;
};

Record record_of(const sdk::Message& message, const sdk::MessageContext& context,
                 std::size_t worker, const Wanted& wanted);

/// Whether an event is shown at all: requests of HTTP, good answers and the framing of streams
/// aren't.
bool is_shown(const sdk::TransportEvent& event) noexcept;

/// `event` is shown.
Record record_of(const sdk::TransportEvent& event, const Wanted& wanted);

}  // namespace shadowcat::watch
