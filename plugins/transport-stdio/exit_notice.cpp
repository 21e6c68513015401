// SPDX-License-Identifier: Apache-2.0
// Notice by pidfd, or by a thread.
#include "exit_notice.hpp"

#include "shadowcat/sdk/log.hpp"

#include "pidfd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace shadowcat::transport_stdio {

namespace {

void warn_without_pidfds(int error) {
    static std::atomic<bool> warned{false};
    if (warned.exchange(true)) return;
    sdk::log::warn("no pidfd_open here: " + errno_text(error),
                   {{"effect", "a thread for each child waits for its end"}});
}

/// The watcher. Signals are for the other threads.
void tell_exit(pid_t child, const UniqueFd& event) noexcept {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
    siginfo_t info{};
    const auto which = static_cast<id_t>(child);
    while (::waitid(P_PID, which, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    const std::uint64_t one = 1;
    static_cast<void>(::write(event.get(), &one, sizeof(one)));
}

}  // namespace

ExitNotice ExitNotice::of(pid_t child) {
    ExitNotice made;
    made.readable_ = open_pidfd(child);
    if (made || !no_pidfds_here(errno)) return made;
    warn_without_pidfds(errno);
    made.watch(child);
    return made;
}

/// Leaves no descriptor, and `errno`, when there are none or no threads left.
void ExitNotice::watch(pid_t child) {
    UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event) return;
    UniqueFd theirs(::fcntl(event.get(), F_DUPFD_CLOEXEC, 0));  // the thread may outlive us
    if (!theirs) return;
    try {
        watcher_ = std::thread([child, end = std::move(theirs)] { tell_exit(child, end); });
    } catch (const std::system_error& failed) {
        errno = failed.code().value();
        return;
    }
    readable_ = std::move(event);
}

bool ExitNotice::given(int patience_ms) const noexcept {
    pollfd exited{readable_.get(), POLLIN, 0};
    return readable_ && ::poll(&exited, 1, patience_ms) > 0;
}

void ExitNotice::give_up() noexcept {
    if (watcher_.joinable()) {
        if (given(0)) {
            watcher_.join();
        } else {
            watcher_.detach();
        }
    }
    readable_.reset();
}

}  // namespace shadowcat::transport_stdio
