// SPDX-License-Identifier: Apache-2.0
// InterruptNoted: Ctrl-C as something to look at instead of an end.
#pragma once

#include <csignal>

namespace shadowcat::watch {

/// While it lives the first SIGINT or SIGTERM only interrupts what waits; a second one ends the
/// program as usual. One at a time.
class InterruptNoted {
public:
    InterruptNoted();
    InterruptNoted(const InterruptNoted&) = delete;
    InterruptNoted& operator=(const InterruptNoted&) = delete;
    ~InterruptNoted();

    static bool happened() noexcept;

    /// While it lives they come only while `ControlClient::receive` waits: none is missed between
    /// looking and waiting.
    class Held {
    public:
        Held();
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;
        ~Held();

    private:
        sigset_t before_{};
    };

private:
    struct sigaction interrupt_ {};
    struct sigaction terminate_ {};
};

}  // namespace shadowcat::watch
