// SPDX-License-Identifier: Apache-2.0
// ProcessHandle: owns a child process that leads its own group; never leaves it behind.
#pragma once

#include "adoptions.hpp"
#include "exit_notice.hpp"
#include "exit_status.hpp"

#include <sys/types.h>

namespace shadowcat::transport_stdio {

/// Everything that needs the process id is done here, and only while the child is not reaped: the
/// id can't have become someone else's.
class ProcessHandle {
public:
    ProcessHandle() = default;
    ProcessHandle(pid_t pid, ExitNotice notice, Adoptions::Entry family)
        : pid_(pid), notice_(std::move(notice)), family_(std::move(family)) {}
    ProcessHandle(ProcessHandle&& other) noexcept
        : pid_(std::exchange(other.pid_, 0)),
          notice_(std::move(other.notice_)),
          family_(std::move(other.family_)) {}
    ProcessHandle& operator=(ProcessHandle&&) = delete;

    /// Kills the whole group, reaps, and kills what had left the group, if `reap` has not been
    /// called. Waits two seconds at most.
    ~ProcessHandle();

    pid_t pid() const noexcept { return pid_; }

    /// What everything that it started has in common.
    FamilyTag tag() const noexcept { return family_.tag(); }

    /// Becomes readable when the process has ended.
    int exit_descriptor() const noexcept { return notice_.descriptor(); }

    /// Whether there is something to reap.
    bool ended() const noexcept;

    /// To every process of the group.
    void signal_group(int signal) const noexcept;

    /// Once the process has ended: kills what is left of its group, and reaps it.
    ExitStatus reap() noexcept;

    /// Once everything that it started is gone; what turns up later is killed by the sweep.
    void leave_family() noexcept { family_ = Adoptions::Entry(); }

private:
    void kill_leftovers() const noexcept;

    pid_t pid_ = 0;  // stays after reaping, for the log
    ExitNotice notice_;
    Adoptions::Entry family_;
    bool reaped_ = false;
};

}  // namespace shadowcat::transport_stdio
