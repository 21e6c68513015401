// SPDX-License-Identifier: Apache-2.0
// System calls on a pidfd.
#include "pinned_process.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr auto kByPidfd = static_cast<idtype_t>(3);  // P_PIDFD, which older headers lack

}  // namespace

PinnedProcess::PinnedProcess(pid_t pid) noexcept
    : pid_(pid),
      pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
      tag_(FamilyTag::of(pid)) {}

bool PinnedProcess::ended() const noexcept {
    pollfd exited{pidfd_.get(), POLLIN, 0};
    return !pidfd_ || ::poll(&exited, 1, 0) != 0;
}

void PinnedProcess::signal(int number) const noexcept {
    if (pidfd_) ::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

bool PinnedProcess::reap() const noexcept {
    if (!pidfd_) return false;
    siginfo_t info{};
    const auto which = static_cast<id_t>(pidfd_.get());
    return ::waitid(kByPidfd, which, &info, WEXITED | WNOHANG) == 0 && info.si_pid == pid_;
}

}  // namespace shadowcat::transport_stdio
