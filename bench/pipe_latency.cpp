// SPDX-License-Identifier: Apache-2.0
// Calls a stdio MCP server through a pipe, one call at a time: what a proxy's latency is compared
// with.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace {

class Child {
public:
    explicit Child(char** command) {
        int to_child[2], from_child[2];
        if (::pipe(to_child) != 0 || ::pipe(from_child) != 0) throw "pipe";
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(to_child[0], 0);
            ::dup2(from_child[1], 1);
            ::close(to_child[1]);
            ::close(from_child[0]);
            ::execvp(command[0], command);
            ::_exit(127);
        }
        ::close(to_child[0]);
        ::close(from_child[1]);
        in_ = to_child[1];
        out_ = from_child[0];
    }
    ~Child() {
        ::close(in_);
        ::waitpid(pid_, nullptr, 0);
    }

    bool call(const std::string& line) {
        if (::write(in_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
            return false;
        char buffer[65536];
        for (;;) {
            const ssize_t count = ::read(out_, buffer, sizeof buffer);
            if (count <= 0) return false;
            if (buffer[count - 1] == '\n') return true;
        }
    }

private:
    pid_t pid_;
    int in_, out_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return std::fprintf(stderr, "usage: pipe-latency BYTES COMMAND…\n"), 2;
    const std::string text(std::stoul(argv[1]), 'x');
    const std::string line =
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":")" +
        text + "\"}}}\n";
    Child child(argv + 2);
    std::vector<double> micros;
    for (int i = 0; i < 20000; ++i) {
        const auto start = std::chrono::steady_clock::now();
        if (!child.call(line)) return std::fprintf(stderr, "the server ended\n"), 1;
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - start;
        micros.push_back(took.count());
    }
    std::sort(micros.begin(), micros.end());
    std::printf("p50 %.1f us  p99 %.1f us\n", micros[micros.size() / 2],
                micros[micros.size() * 99 / 100]);
}
