// SPDX-License-Identifier: Apache-2.0
// Signalling and reaping one child.
#include "process_handle.hpp"

#include "leftovers.hpp"
#include "orphan_guard.hpp"

#include <poll.h>
#include <sys/wait.h>

#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr int kKilledPatienceMs = 1000;
constexpr int kLooks = 500;
constexpr int kBetweenLooksMs = 2;

}  // namespace

ProcessHandle::~ProcessHandle() {
    if (pid_ == 0 || reaped_) return;
    signal_group(SIGKILL);
    ::kill(pid_, SIGKILL);  // it may not have made its group yet
    notice_.given(kKilledPatienceMs);
    reap();
    kill_leftovers();
}

void ProcessHandle::kill_leftovers() const noexcept {
    Leftovers rest(tag(), pid_);
    for (int i = 0; i < kLooks && !rest.gone_after(SIGKILL); ++i)
        ::poll(nullptr, 0, kBetweenLooksMs);
}

bool ProcessHandle::ended() const noexcept { return notice_.given(0); }

void ProcessHandle::signal_group(int signal) const noexcept {
    if (!reaped_) ::kill(-pid_, signal);
}

ExitStatus ProcessHandle::reap() noexcept {
    signal_group(SIGKILL);
    OrphanGuard::instance().forget(pid_);
    siginfo_t info{};
    const int flags = notice_ ? WEXITED | WNOHANG : WEXITED;  // without notice it was just killed
    notice_.give_up();
    const bool known =
        ::waitid(P_PID, static_cast<id_t>(pid_), &info, flags) == 0 && info.si_pid == pid_;
    reaped_ = true;
    family_.reaped();
    return known ? ExitStatus(info) : ExitStatus();
}

}  // namespace shadowcat::transport_stdio
