// SPDX-License-Identifier: Apache-2.0
// Starting the guard, talking to it, and what it does. After the fork only async-signal-safe code.
#include "orphan_guard.hpp"

#include "family_tag.hpp"
#include "pinned_process.hpp"
#include "process_ids.hpp"
#include "process_title.hpp"
#include "unique_fd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>

namespace shadowcat::transport_stdio {

namespace {

constexpr int kPipePatienceMs = 100;
constexpr std::size_t kRecordsPerRead = 128;
constexpr int kRounds = 1000;
constexpr int kBetweenRoundsMs = 5;

/// The listed groups, one bit for every process id that Linux can give; pages are only used where
/// bits are set. No allocation, no limit, no search.
class GroupSet {
public:
    void apply(pid_t record) noexcept {
        const auto group = static_cast<std::size_t>(record < 0 ? -record : record);
        if (group >= kMaxPid) return;
        const auto bit = static_cast<unsigned char>(1u << (group % CHAR_BIT));
        if (record > 0) {
            bits_[group / CHAR_BIT] |= bit;
        } else {
            bits_[group / CHAR_BIT] &= static_cast<unsigned char>(~bit);
        }
    }

    void kill_all() const noexcept {
        for (std::size_t at = 0; at < bits_.size(); ++at) {
            if (bits_[at] != 0) kill_byte(at);
        }
    }

private:
    static constexpr std::size_t kMaxPid = 4 * 1024 * 1024;  // PID_MAX_LIMIT

    void kill_byte(std::size_t at) const noexcept {
        for (std::size_t bit = 0; bit < CHAR_BIT; ++bit) {
            const auto group = static_cast<pid_t>(at * CHAR_BIT + bit);
            const bool listed_here = (bits_[at] >> bit & 1u) != 0;
            if (listed_here && group > 1) ::kill(-group, SIGKILL);  // -1 would be everybody
        }
    }

    std::array<unsigned char, kMaxPid / CHAR_BIT> bits_{};
};

// Used by the guard process alone; in ours it stays untouched, so it takes no memory.
GroupSet listed;

void ignore_termination() noexcept {
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE})
        ::signal(signal, SIG_IGN);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_all_but_stdin() noexcept {
    if (::close_range(STDOUT_FILENO, ~0u, 0) == 0) return;
    for (int fd = static_cast<int>(::sysconf(_SC_OPEN_MAX)); fd > STDIN_FILENO; --fd)
        ::close(fd);
}

/// Reads records until the pipe ends. They are written whole, so they are read whole.
void follow_records() noexcept {
    std::array<pid_t, kRecordsPerRead> records;
    for (;;) {
        const ssize_t bytes = ::read(STDIN_FILENO, records.data(), sizeof(records));
        if (bytes < 0 && errno == EINTR) continue;
        if (bytes <= 0) return;
        const std::size_t count = static_cast<std::size_t>(bytes) / sizeof(pid_t);
        for (std::size_t i = 0; i < count; ++i)
            listed.apply(records[i]);
    }
}

/// False when there was nothing to kill.
bool kill_tagged_once() noexcept {
    bool any = false;
    ProcessIds all;
    while (const pid_t pid = all.next()) {
        if (!FamilyTag::of(pid).ours()) continue;
        const PinnedProcess process(pid);
        if (process.ended() || !process.tag().ours()) continue;
        process.signal(SIGKILL);
        any = true;
    }
    return any;
}

/// Again until there is nothing: what is killed may have started something meanwhile.
void kill_tagged() noexcept {
    for (int round = 0; round < kRounds && kill_tagged_once(); ++round)
        ::poll(nullptr, 0, kBetweenRoundsMs);
}

[[noreturn]] void be_the_guard(int pipe, const ProcessTitle& title) noexcept {
    title.set("shadowcat-guard");
    FamilyTag::take_off();  // of the server that this proxy may be of another proxy
    ignore_termination();
    ::dup2(pipe, STDIN_FILENO);
    close_all_but_stdin();
    if (::chdir("/") != 0) ::_exit(1);
    follow_records();
    listed.kill_all();
    kill_tagged();
    ::_exit(0);
}

/// Forks twice: the guard is orphaned at once and becomes init's to reap.
bool fork_guard(int pipe, const ProcessTitle& title) {
    const pid_t between = ::fork();
    if (between < 0) return false;
    if (between == 0) {
        ::setsid();
        const pid_t guard = ::fork();
        if (guard == 0) be_the_guard(pipe, title);
        ::_exit(guard < 0 ? 1 : 0);
    }
    int status = 0;
    while (::waitpid(between, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// No handler of ours may run in the forked processes.
class SignalsBlocked {
public:
    SignalsBlocked() noexcept {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;
};

}  // namespace

const OrphanGuard& OrphanGuard::instance() {
    static const auto* guard = new OrphanGuard;  // leaked: it must see the very end of the process
    return *guard;
}

OrphanGuard::OrphanGuard() {
    const ProcessTitle title;
    FamilyTag::fresh();  // chooses our number: the guard has to know it
    sdk::Result<PipeEnds> pipe = make_pipe();
    const SignalsBlocked blocked;
    if (pipe.has_value() && ::fcntl(pipe->write.get(), F_SETFL, O_NONBLOCK) == 0 &&
        fork_guard(pipe->read.get(), title)) {
        pipe_ = pipe->write.release();
    }
}

bool OrphanGuard::alive() const noexcept {
    pollfd reader_gone{pipe_, 0, 0};
    return pipe_ >= 0 && ::poll(&reader_gone, 1, 0) == 0;
}

void OrphanGuard::tell(pid_t record) const noexcept {
    if (pipe_ < 0) return;
    while (::write(pipe_, &record, sizeof(record)) < 0) {
        if (errno == EINTR) continue;
        pollfd full{pipe_, POLLOUT, 0};
        if (errno != EAGAIN || ::poll(&full, 1, kPipePatienceMs) <= 0) return;
    }
}

}  // namespace shadowcat::transport_stdio
