// SPDX-License-Identifier: Apache-2.0
// ProcessHandle: owns a child process that leads its own group; never leaves it behind.
#pragma once

#include "exit_status.hpp"
#include "unique_fd.hpp"

#include <sys/types.h>

namespace shadowcat::transport_stdio {

/// Everything that needs the process id is done here, and only while the child is not reaped: the
/// id can't have become someone else's.
class ProcessHandle {
public:
    ProcessHandle() = default;
    ProcessHandle(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
    ProcessHandle(ProcessHandle&& other) noexcept
        : pid_(std::exchange(other.pid_, 0)), pidfd_(std::move(other.pidfd_)) {}
    ProcessHandle& operator=(ProcessHandle&&) = delete;

    /// Kills the whole group and reaps, if `reap` has not been called. Waits a second at most.
    ~ProcessHandle();

    pid_t pid() const noexcept { return pid_; }

    /// Becomes readable when the process has ended.
    int pidfd() const noexcept { return pidfd_.get(); }

    /// To every process of the group.
    void signal_group(int signal) const noexcept;

    /// Once the process has ended: kills what is left of its group, and reaps it.
    ExitStatus reap() noexcept;

private:
    pid_t pid_ = 0;  // stays after reaping, for the log
    UniqueFd pidfd_;
    bool reaped_ = false;
};

}  // namespace shadowcat::transport_stdio
