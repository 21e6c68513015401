// SPDX-License-Identifier: Apache-2.0
// Makes a tape of a million frames and reads it: how long, and in how much memory.
#include "format/tape_reader.hpp"

#include "format/line_writer.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace shadowcat::tape;

namespace {

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

long peak_kib() {
    rusage used = {};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

void make_tape(const char* path, std::uint64_t frames) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    std::string text;
    TapeInit init;
    init.version = kTapeVersion;
    init.tape_id = "00000000-0000-4000-8000-000000000000";
    append_init(text, init);
    TapeLine line;
    for (std::uint64_t seq = 0; seq < frames; ++seq) {
        line.seq = seq;
        line.ts_ms = static_cast<double>(seq) / 10;
        line.id = std::to_string(seq);
        line.message_kind = shadowcat::sdk::MessageKind::request;
        line.method = "tools/call";
        line.name = "echo";
        line.exchange = seq;
        line.message =
            R"({"jsonrpc":"2.0","id":)" + line.id +
            R"(,"method":"tools/call","params":{"name":"echo","arguments":{"message":")" +
            std::string(200, 'x') + "\"}}}";
        append_frame(text, line);
        if (text.size() > 1'000'000) {
            out << text;
            text.clear();
        }
    }
    out << text;
}

void report(const char* what, double since) {
    std::printf("%-28s %6.2f s   peak RSS %ld MiB\n", what, seconds() - since, peak_kib() / 1024);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return std::puts("usage: tape-reader FILE [FRAMES]   (FILE is overwritten)"), 2;
    const std::uint64_t frames = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
    double begin = seconds();
    make_tape(argv[1], frames);
    report("made", begin);
    auto reader = TapeReader::open(argv[1]);
    if (reader.has_error()) return std::puts(reader.error().message().c_str()), 1;
    begin = seconds();
    std::uint64_t count = 0;
    while (reader->next())
        ++count;
    report("read from end to end", begin);
    begin = seconds();
    reader->seek_frame(frames / 2);
    report("sought the middle", begin);
    auto other = TapeReader::open(argv[1]);
    begin = seconds();
    other->seek_time(static_cast<double>(frames) / 10 - 1);
    report("sought the end, without index", begin);
    std::printf("frames %llu, bytes %llu, problems %llu\n", static_cast<unsigned long long>(count),
                static_cast<unsigned long long>(reader->bytes_total()),
                static_cast<unsigned long long>(reader->problem_count()));
    return count == frames ? 0 : 1;
}
