// SPDX-License-Identifier: Apache-2.0
// Own group, parent-death signal, clean signals and descriptors, then exec. Async-signal-safe only.
#include "child_side.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr int kExecFailed = 127;  // as shells have it

/// Everything to its default, except that SIGPIPE is ignored until the guard was told.
void reset_signals() noexcept {
    for (int signal = 1; signal < NSIG; ++signal) {
        ::signal(signal, signal == SIGPIPE ? SIG_IGN : SIG_DFL);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

rlimit descriptor_limit() noexcept {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit;
}

/// As it was when this plugin was loaded. The proxy may raise its own later; servers, which may use
/// `select`, keep what they would have without a proxy.
const rlimit inherited_limit = descriptor_limit();

/// Not closed at once: the pipe for failures must live until exec.
void close_others_on_exec() noexcept {
    if (::close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return;
    for (int fd = static_cast<int>(::sysconf(_SC_OPEN_MAX)); fd > STDERR_FILENO; --fd) {
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
}

}  // namespace

void ChildSide::run() const noexcept {
    reset_signals();
    join_family();
    ::signal(SIGPIPE, SIG_DFL);
    if (!place_descriptors()) give_up(ExecFailure::Step::descriptors);
    if (directory && ::chdir(directory) != 0) give_up(ExecFailure::Step::directory);
    close_others_on_exec();
    ::setrlimit(RLIMIT_NOFILE, &inherited_limit);
    ::execve(program, arguments, environment);
    give_up(ExecFailure::Step::program);
}

void ChildSide::join_family() const noexcept {
    tag.wear();
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kExecFailed);  // it died before the line above
    guard->watch(::getpid());
}

bool ChildSide::place_descriptors() const noexcept {
    return ::dup2(input, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
           ::dup2(errors, STDERR_FILENO) >= 0;
}

void ChildSide::give_up(ExecFailure::Step step) const noexcept {
    ExecFailure failure;
    failure.step = step;
    failure.error = errno;
    while (::write(failures, &failure, sizeof(failure)) < 0 && errno == EINTR) {
    }
    ::_exit(kExecFailed);
}

}  // namespace shadowcat::transport_stdio
