// SPDX-License-Identifier: Apache-2.0
// OrphanGuard: a tiny helper process that kills our children and what they started if we die.
#pragma once

#include <sys/types.h>

namespace shadowcat::transport_stdio {

/// The parent-death signal reaches only a direct child, not what it started. The guard reads the
/// group ids of all children from a pipe; at its end (this process is gone, however it went) it
/// sends SIGKILL to the groups still listed, then to whatever else has one of our tags (see
/// FamilyTag), and exits. It lives in its own session, so that Ctrl-C passes it by, and is nobody's
/// child, so that it needs no reaping.
class OrphanGuard {
public:
    /// The one guard of this process, started by the first call. Thread-safe.
    static const OrphanGuard& instance();

    /// False when the guard could not be started, or somebody killed it.
    bool alive() const noexcept;

    /// Lists `group`. Called by the child itself between fork and exec, so that there is no moment
    /// in which it isn't listed: async-signal-safe.
    void watch(pid_t group) const noexcept { tell(group); }

    /// Takes `group` off the list. Called while its leader is not reaped yet: so the number can't
    /// have become someone else's. Thread-safe, takes no lock.
    void forget(pid_t group) const noexcept { tell(-group); }

    OrphanGuard(const OrphanGuard&) = delete;
    OrphanGuard& operator=(const OrphanGuard&) = delete;

private:
    OrphanGuard();
    void tell(pid_t record) const noexcept;

    int pipe_ = -1;
};

}  // namespace shadowcat::transport_stdio
