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
class PinnedProcess {
public:
    explicit PinnedProcess(pid_t pid) noexcept;

    pid_t pid() const noexcept { return pid_; }
    FamilyTag tag() const noexcept { return tag_; }

    /// A zombie, or gone.
    bool ended() const noexcept;

    /// Does nothing once it has ended.
    void signal(int number) const noexcept;

    /// Takes a zombie of ours from the process table. True if there was one.
    bool reap() const noexcept;

private:
    pid_t pid_;
    UniqueFd pidfd_;
    FamilyTag tag_;
};

}  // namespace shadowcat::transport_stdio
