// SPDX-License-Identifier: Apache-2.0
// Starts, listens to and ends the peer.
#include "peer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace shadowcat::contract {

namespace {

constexpr auto kPatience = std::chrono::seconds(20);
constexpr std::size_t kMaxLine = 4096;

[[noreturn]] void run(int output, char* const* arguments) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    execvp(arguments[0], arguments);
    std::perror(arguments[0]);
    _exit(127);
}

/// What the peer printed next; nothing at its end or after `deadline`.
std::string read_some(int descriptor, std::chrono::steady_clock::time_point deadline) {
    std::array<char, 512> chunk{};
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return {};
        pollfd wanted = {descriptor, POLLIN, 0};
        if (poll(&wanted, 1, static_cast<int>(left.count())) < 0 && errno == EINTR) continue;
        if (wanted.revents == 0) return {};
        const ssize_t size = read(descriptor, chunk.data(), chunk.size());
        return size > 0 ? std::string(chunk.data(), static_cast<std::size_t>(size)) : std::string();
    }
}

}  // namespace

Peer::Peer(const std::vector<std::string>& command) {
    start(command);
    if (read_first_line()) return;
    end();
    throw std::runtime_error("the peer printed no line: " + command[0]);
}

Peer::~Peer() { end(); }

void Peer::end() {
    kill(-pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    close(output_);
}

void Peer::start(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const std::string& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the peer");
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("no process for the peer");
    if (pid_ == 0) run(ends[1], arguments.data());
    setpgid(pid_, pid_);  // also here: whoever is first
    close(ends[1]);
    output_ = ends[0];
}

bool Peer::read_first_line() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (first_line_.find('\n') == std::string::npos && first_line_.size() < kMaxLine) {
        const std::string more = read_some(output_, deadline);
        if (more.empty()) break;
        first_line_ += more;
    }
    const std::size_t end = first_line_.find('\n');
    if (end == std::string::npos) return false;
    first_line_.resize(end);
    return true;
}

}  // namespace shadowcat::contract
