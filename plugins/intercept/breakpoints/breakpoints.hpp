// SPDX-License-Identifier: Apache-2.0
// Breakpoints: messages that wait until somebody at another terminal lets them go.
#pragma once

#include "shadowcat/sdk/control.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace shadowcat::intercept {

/// How long a message may wait, and what becomes of it then.
class PauseSettings {
public:
    enum class AtDeadline { resume, drop };

    std::string rule;  ///< The rule that paused it, for `intercept list`.
    std::chrono::milliseconds deadline = std::chrono::seconds(300);
    AtDeadline at_deadline = AtDeadline::resume;
};

/// The paused messages of all workers, and the control verbs `intercept.list`, `intercept.show`,
/// `intercept.edit`, `intercept.resume` and `intercept.drop`. One for each configured entry of the
/// interceptor `rules` (through its `SharedSlot`); thread-safe.
class Breakpoints : public std::enable_shared_from_this<Breakpoints> {
public:
    /// Messages beyond `max_paused` pass with a warning.
    static std::shared_ptr<Breakpoints> create(sdk::ControlHost& control, std::size_t max_paused);
    virtual ~Breakpoints() = default;

    /// Waits on `worker` (the calling one) until the message is resumed (edited or not) or dropped,
    /// the deadline passes, `context.cancellation` is requested or `release_all` is called (it then
    /// passes).
    virtual sdk::awaitable<sdk::Verdict> pause(sdk::Worker& worker, sdk::Message& message,
                                               const sdk::MessageContext& context,
                                               const PauseSettings& settings) = 0;

    /// Lets everything go that waits on `worker`, and whatever comes after at once.
    virtual void release_all(sdk::Worker& worker) noexcept = 0;
};

}  // namespace shadowcat::intercept
