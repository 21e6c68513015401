// SPDX-License-Identifier: Apache-2.0
// Lines in and out of real pipes.
#include "line_io.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <thread>

namespace {

class Pipe {
public:
    Pipe() { REQUIRE(::pipe(ends_.data()) == 0); }
    ~Pipe() {
        close_reader();
        close_writer();
    }
    int reader() const { return ends_[0]; }
    int writer() const { return ends_[1]; }
    void close_reader() { close(ends_[0]); }
    void close_writer() { close(ends_[1]); }
    void put(std::string_view text) const {
        REQUIRE(::write(ends_[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }

private:
    static void close(int& fd) {
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
    std::array<int, 2> ends_ = {-1, -1};
};

}  // namespace

TEST_CASE("lines end with LF, CRLF or the end of input") {
    Pipe pipe;
    pipe.put("one\ntwo\r\n\nlast");
    pipe.close_writer();
    demo::LineReader reader(pipe.reader(), 100);
    CHECK(reader.next()->text == "one");
    CHECK(reader.next()->text == "two");
    CHECK(reader.next()->text.empty());
    CHECK(reader.next()->text == "last");
    CHECK_FALSE(reader.next().has_value());
}

TEST_CASE("a line beyond the limit is reported and skipped, the next one is read") {
    Pipe pipe;
    pipe.put(std::string(11, 'x') + "\n" + std::string(10, 'y') + "\n");
    pipe.close_writer();
    demo::LineReader reader(pipe.reader(), 10);
    const auto long_line = reader.next();
    CHECK(long_line->too_long);
    CHECK(long_line->text.empty());
    CHECK(reader.next()->text == std::string(10, 'y'));
}

TEST_CASE("a line longer than the pipe and the buffer arrives whole") {
    Pipe pipe;
    const std::string big(1 << 20, 'z');
    demo::LineWriter writer(pipe.writer());
    std::jthread sender([&] { CHECK(writer.write(big)); });
    demo::LineReader reader(pipe.reader(), 1 << 20);
    CHECK(reader.next()->text == big);
}

TEST_CASE("writing to a closed pipe says so") {
    std::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    demo::LineWriter writer(pipe.writer());
    pipe.close_reader();
    CHECK_FALSE(writer.write("anybody?"));
}
