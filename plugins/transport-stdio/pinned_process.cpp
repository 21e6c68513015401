// SPDX-License-Identifier: Apache-2.0
// System calls on a pidfd, or on an id.
#include "pinned_process.hpp"

#include "pidfd.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr auto kByPidfd = static_cast<idtype_t>(3);  // P_PIDFD, which older headers lack

}  // namespace

PinnedProcess::PinnedProcess(pid_t pid) noexcept
    : pid_(pid),
      pidfd_(open_pidfd(pid)),
      by_id_(!pidfd_ && no_pidfds_here(errno)),
      tag_(FamilyTag::of(pid)) {}

bool PinnedProcess::still_there() const noexcept {
    return tag_ != FamilyTag() && FamilyTag::of(pid_) == tag_;
}

/// Whether it is a zombie of ours; it stays one only with WNOWAIT.
bool PinnedProcess::look(int how) const noexcept {
    siginfo_t info{};
    const idtype_t kind = by_id_ ? P_PID : kByPidfd;
    const auto which = static_cast<id_t>(by_id_ ? pid_ : pidfd_.get());
    return ::waitid(kind, which, &info, how | WEXITED | WNOHANG) == 0 && info.si_pid == pid_;
}

bool PinnedProcess::ended() const noexcept {
    if (by_id_) return !still_there() || look(WNOWAIT);
    pollfd exited{pidfd_.get(), POLLIN, 0};
    return !pidfd_ || ::poll(&exited, 1, 0) != 0;
}

void PinnedProcess::signal(int number) const noexcept {
    if (by_id_ && still_there()) ::kill(pid_, number);
    if (pidfd_) ::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

bool PinnedProcess::reap() const noexcept {
    return (by_id_ ? still_there() : static_cast<bool>(pidfd_)) && look(0);
}

}  // namespace shadowcat::transport_stdio
