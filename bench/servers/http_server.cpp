// SPDX-License-Identifier: Apache-2.0
// bench-http-server: the smallest honest MCP server over Streamable HTTP. What an HTTP proxy is
// measured against must never be what is measured: raw epoll, one read and one write for a request,
// no allocation once its buffers have grown.
#include "../wire/options.hpp"
#include "../wire/sockets.hpp"
#include "http_connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

namespace bench {
namespace {

constexpr const char* kHelp =
    "usage: bench-http-server [--port N] [--threads N] [--stay]\n"
    "An MCP server over Streamable HTTP at http://127.0.0.1:PORT/mcp, which it prints once it "
    "listens.\n"
    "Both eras, tools echo {message} and count {steps, message}; any session id is accepted.\n"
    "  --port N     default 0: the kernel chooses\n"
    "  --threads N  default 1; each has its own listening socket on the port\n"
    "  --stay       go on when stdin ends (otherwise the server ends with it)\n"
    "example: bench-http-server --port 8080 --stay\n"
    "exit codes: 0 ended with stdin, 1 failed, 2 wrong usage\n";

/// One thread: its listening socket, its epoll, its connections.
class Worker {
public:
    explicit Worker(Descriptor listener)
        : listener_(std::move(listener)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        if (!epoll_.is_open()) throw system_failure("epoll_create1");
        watch(listener_.get(), EPOLL_CTL_ADD, EPOLLIN);
    }

    /// Until `ending` (a descriptor; -1 for none) has ended.
    void run(int ending) {
        ending_ = ending;
        if (ending >= 0 && !watch(ending, EPOLL_CTL_ADD, EPOLLIN)) {
            throw UsageError("stdin cannot be watched; use --stay to do without one");
        }
        std::array<epoll_event, 256> events;
        while (!ended_) {
            const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), -1);
            for (int i = 0; i < count; ++i)
                on_ready(events[static_cast<std::size_t>(i)].data.fd);
        }
    }

private:
    bool watch(int fd, int operation, unsigned interest) {
        epoll_event event{};
        event.events = interest;
        event.data.fd = fd;
        return ::epoll_ctl(epoll_.get(), operation, fd, &event) == 0;
    }

    void on_ready(int fd) {
        if (fd == listener_.get()) return accept_all();
        if (fd == ending_) return read_ending();
        const auto found = connections_.find(fd);
        if (found == connections_.end()) return;
        HttpConnection& connection = *found->second;
        const bool was_blocked = connection.is_blocked();
        if (!connection.proceed()) {
            connections_.erase(found);
        } else if (connection.is_blocked() != was_blocked) {
            watch(fd, EPOLL_CTL_MOD, connection.is_blocked() ? EPOLLOUT : EPOLLIN);
        }
    }

    void accept_all() {
        while (true) {
            Descriptor socket(
                ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
            if (!socket.is_open()) return;
            const int fd = socket.get();
            disable_nagle(fd);
            connections_[fd] = std::make_unique<HttpConnection>(std::move(socket));
            watch(fd, EPOLL_CTL_ADD, EPOLLIN);
        }
    }

    void read_ending() {
        std::array<char, 4096> ignored;
        ended_ = ::read(ending_, ignored.data(), ignored.size()) <= 0;
    }

    Descriptor listener_;
    Descriptor epoll_;
    std::unordered_map<int, std::unique_ptr<HttpConnection>> connections_;
    int ending_ = -1;
    bool ended_ = false;
};

std::vector<std::unique_ptr<Worker>> make_workers(std::uint16_t port, std::uint64_t count) {
    std::vector<std::unique_ptr<Worker>> workers;
    for (std::uint64_t i = 0; i < count; ++i) {
        Descriptor listener = listen_on(port);
        port = port_of(listener);
        workers.push_back(std::make_unique<Worker>(std::move(listener)));
    }
    std::printf("listening on http://127.0.0.1:%u/mcp\n", port);
    std::fflush(stdout);
    return workers;
}

int serve(const Options& options) {
    const std::uint64_t port = options.count("--port", 0);
    const std::uint64_t threads = options.count("--threads", 1);
    if (port > 65535) throw UsageError("--port is above 65535");
    if (threads < 1 || threads > 64) throw UsageError("--threads must be 1 to 64");
    allow_many_descriptors();
    const auto workers = make_workers(static_cast<std::uint16_t>(port), threads);
    for (std::size_t i = 1; i < workers.size(); ++i)
        std::thread([worker = workers[i].get()] { worker->run(-1); }).detach();
    workers[0]->run(options.has("--stay") ? -1 : STDIN_FILENO);
    std::_Exit(0);  // the other threads are busy with what `workers` owns
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    if (bench::asks_for_help(argc, argv)) return std::fputs(bench::kHelp, stdout) < 0;
    try {
        using Kind = bench::Options::Kind;
        return bench::serve(bench::Options(argc - 1, argv + 1,
                                           {{"--port"}, {"--threads"}, {"--stay", Kind::kFlag}}));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench-http-server: %s\n", error.what());
        return dynamic_cast<const bench::UsageError*>(&error) != nullptr ? 2 : 1;
    }
}
