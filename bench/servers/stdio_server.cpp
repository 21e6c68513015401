// SPDX-License-Identifier: Apache-2.0
// bench-stdio-server: the smallest honest MCP server over stdin and stdout. What a stdio proxy is
// measured against must never be what is measured: one thread, big reads, and one write for all the
// answers to what one read brought.
#include "../wire/buffer.hpp"
#include "answers.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

constexpr std::size_t kChunk = 256 * 1024;

constexpr const char* kHelp =
    "usage: bench-stdio-server\n"
    "An MCP server over stdin and stdout, both eras, tools echo {message} and count {steps, "
    "message}.\n"
    "Ends with its stdin: 0; a broken pipe: 1.\n"
    "example: bench-load pipe --request call.json --expect hello -- bench-stdio-server\n";

void append_line(bench::Buffer& out, const bench::Pieces& message) {
    message.append_to(out);
    out.append("\n");
}

void answer_line(std::string_view line, bench::Buffer& out) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return;
    const bench::Answer answer = bench::answer_to(line);
    std::array<char, 48> digits;
    for (std::uint64_t step = 1; step <= answer.steps; ++step)
        append_line(out, bench::progress_message(answer, step, digits));
    if (!answer.is_empty()) append_line(out, answer.message);
}

/// Answers the complete lines; `searched` bytes of the first one are known to hold no newline.
void answer_lines(bench::Buffer& in, std::size_t& searched, bench::Buffer& out) {
    while (true) {
        const std::string_view text = in.view();
        const std::size_t end = text.find('\n', searched);
        if (end == std::string_view::npos) break;
        answer_line(text.substr(0, end), out);
        in.consume(end + 1);
        searched = 0;
    }
    searched = in.size();
}

bool write_all(bench::Buffer& out) {
    while (!out.empty()) {
        const ssize_t count = ::write(STDOUT_FILENO, out.data(), out.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        out.consume(static_cast<std::size_t>(count));
    }
    return true;
}

int serve() {
    bench::Buffer in, out;
    std::size_t searched = 0;
    while (true) {
        char* const room = in.prepare(kChunk);
        const ssize_t count = ::read(STDIN_FILENO, room, in.room());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count == 0 ? 0 : 1;
        in.commit(static_cast<std::size_t>(count));
        answer_lines(in, searched, out);
        if (!write_all(out)) return 1;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 1) return serve();
    const bool help = std::strcmp(argv[1], "--help") == 0;
    std::fputs(help ? kHelp : "bench-stdio-server: takes no arguments; see --help\n",
               help ? stdout : stderr);
    return help ? 0 : 2;
}
