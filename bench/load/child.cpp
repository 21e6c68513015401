// SPDX-License-Identifier: Apache-2.0
// Starts a program with pipes; ends it politely, then for sure.
#include "child.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

namespace bench {
namespace {

std::array<Descriptor, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_failure("pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

[[noreturn]] void become(const std::vector<char*>& command, int input, int output) {
    ::setpgid(0, 0);
    ::signal(SIGPIPE, SIG_DFL);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output >= 0 ? output : nowhere, STDOUT_FILENO);
    if (output < 0) ::dup2(nowhere, STDERR_FILENO);
    ::execvp(command[0], command.data());
    ::_exit(127);
}

}  // namespace

Child::Child(const std::vector<char*>& command, Output output) {
    std::array<Descriptor, 2> to_child = make_pipe();
    std::array<Descriptor, 2> from_child;
    if (output == Output::kPiped) from_child = make_pipe();
    pid_ = ::fork();
    if (pid_ < 0) throw system_failure("fork");
    if (pid_ == 0) become(command, to_child[0].get(), from_child[1].get());
    ::setpgid(pid_, pid_);
    input_ = std::move(to_child[1]);
    output_ = std::move(from_child[0]);
    set_nonblocking(input_.get());
    if (output_.is_open()) set_nonblocking(output_.get());
}

Child::~Child() {
    close_input();
    output_.reset();
    ::kill(-pid_, SIGTERM);
    if (!waits_for_end(20)) ::kill(-pid_, SIGKILL);
    if (!status_) ::waitpid(pid_, nullptr, 0);
    ::kill(-pid_, SIGKILL);  // what it left behind
}

std::optional<int> Child::ended() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_;
}

bool Child::waits_for_end(int tenths_of_second) {
    for (int i = 0; i < tenths_of_second * 10 && !ended(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return status_.has_value();
}

}  // namespace bench
