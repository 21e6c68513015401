// SPDX-License-Identifier: Apache-2.0
// PausedMessage: one message that waits, and what may happen to it.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/wakeup.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "breakpoints/breakpoints.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::intercept {

/// Why a message waits no longer.
enum class Ending : std::uint8_t {
    resumed,
    dropped,
    deadline,   ///< what then happens, its settings say
    cancelled,  ///< nobody needs it any more
    stopped     ///< the proxy ends, or the rules changed
};

std::string_view name(Ending ending) noexcept;

/// Shared by the coroutine that waits and the table. The facts never change; the rest is guarded by
/// the table, except `wakeup`, which belongs to the worker.
class PausedMessage {
public:
    PausedMessage(sdk::Worker& where, const void* whose, const sdk::Message& message,
                  const sdk::MessageContext& context, const PauseSettings& settings,
                  sdk::TimePoint now);

    sdk::Worker& worker;
    const void* const owner;  ///< the `Breakpoints` that it was paused by

    const std::string rule, session, upstream, method, name;
    const sdk::Direction direction;
    const sdk::MessageKind kind;
    const std::string message_id;  ///< as it stands in the text
    const std::chrono::system_clock::time_point since;
    const sdk::TimePoint begun, until;
    const PauseSettings::AtDeadline at_deadline;

    std::uint64_t number = 0;  ///< by which it is called
    std::string text;          ///< as it would now go on
    std::optional<sdk::Message> edited;
    std::optional<Ending> ending;

    sdk::Wakeup wakeup;

    /// Once it has ended.
    bool is_dropped() const noexcept;
};

/// Checks `text` as what `paused` should become: a message of the same kind with the same id (a
/// result may become an error, and the other way round).
sdk::Result<sdk::Message> parse_edited(const PausedMessage& paused, std::string text);

/// One line of `intercept list`, as of `now`.
sdk::Json describe(const PausedMessage& paused, sdk::TimePoint now);

}  // namespace shadowcat::intercept
