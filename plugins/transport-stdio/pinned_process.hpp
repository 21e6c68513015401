// SPDX-License-Identifier: Apache-2.0
// PinnedProcess: some process that can be signalled without the risk of hitting another one.
#pragma once

#include "family_tag.hpp"
#include "unique_fd.hpp"

#include <sys/types.h>

namespace shadowcat::transport_stdio {

/// A process id may be given to somebody else between a look and a signal; a pidfd can't. The tag
/// is read after the pidfd was made: if the process lives when the signal is sent, it is the one
/// whose tag was read. Async-signal-safe.
///
/// Where there are no pidfds the tag is read again right before each step, which then goes by the
/// id. That is as safe for our own children, whose ids stay theirs until we reap them. For others,
/// whom only the orphan guard signals, there is a moment between look and signal.
class PinnedProcess {
public:
    explicit PinnedProcess(pid_t pid) noexcept;

    pid_t pid() const noexcept { return pid_; }
    FamilyTag tag() const noexcept { return tag_; }

    /// A zombie, or gone. (Without pidfds only a zombie of ours can be told.)
    bool ended() const noexcept;

    /// Does nothing once it has ended.
    void signal(int number) const noexcept;

    /// Takes a zombie of ours from the process table. True if there was one.
    bool reap() const noexcept;

private:
    bool still_there() const noexcept;
    bool look(int how) const noexcept;

    pid_t pid_;
    UniqueFd pidfd_;
    bool by_id_;  // there are no pidfds
    FamilyTag tag_;
};

}  // namespace shadowcat::transport_stdio
