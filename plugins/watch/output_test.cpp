// SPDX-License-Identifier: Apache-2.0
// Output: files, pipes that nobody reads, terminals that were stopped.
#include "output.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

using namespace shadowcat;
using shadowcat::watch::Output;
using shadowcat::watch::Scratch;

namespace {

/// A terminal and who sits before it.
class Terminal {
public:
    Terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
        REQUIRE(master_ >= 0);
        REQUIRE(::grantpt(master_) == 0);
        REQUIRE(::unlockpt(master_) == 0);
        path = ::ptsname(master_);
        slave_ = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
        const winsize size = {24, 81, 0, 0};
        ::ioctl(slave_, TIOCSWINSZ, &size);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() {
        ::close(slave_);
        ::close(master_);
    }

    void stop() const { ::tcflow(slave_, TCOOFF); }  // what Ctrl-S does
    void go_on() const { ::tcflow(slave_, TCOON); }
    std::string seen() const {
        std::array<char, 4096> text{};
        const ssize_t size = ::read(master_, text.data(), text.size());
        return std::string(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }

    std::string path;

private:
    int master_;
    int slave_ = -1;
};

}  // namespace

TEST_CASE("a file is appended to, and is its owner's alone") {
    const Scratch scratch;
    for (const char* line : {"one\n", "two\n"}) {
        Output output(scratch.path());
        REQUIRE(output.open().has_value());
        CHECK(output.write(line) == 0);
        CHECK_FALSE(output.is_terminal());
        CHECK(output.width() == 0);
    }
    CHECK(Scratch::text(scratch.path()) == "one\ntwo\n");
    struct stat about = {};
    REQUIRE(::stat(scratch.path().c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("what can't be opened is named") {
    Output output("/no/such/directory/x");
    const auto opened = output.open();
    REQUIRE(opened.has_error());
    CHECK(opened.error().message() ==
          "output: can't write to \"/no/such/directory/x\": No such file or directory");
    CHECK(output.write("a\nb\n") == 2);
}

TEST_CASE("a full disk costs lines") {
    Output output("/dev/full");
    REQUIRE(output.open().has_value());
    CHECK(output.write("a\nb\n") == 2);
}

TEST_CASE("a pipe that nobody reads costs lines, not time") {
    std::signal(SIGPIPE, SIG_IGN);
    const Scratch scratch;
    REQUIRE(::mkfifo(scratch.path().c_str(), 0600) == 0);
    const int reader = ::open(scratch.path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    Output output(scratch.path());
    REQUIRE(output.open().has_value());
    std::string lines;
    for (int i = 0; i < 3000; ++i)  // more than a pipe takes
        lines += std::string(99, 'x') + "\n";
    const std::size_t lost = output.write(lines);
    CHECK(lost > 0);
    CHECK(lost < 3000);
    ::close(reader);
    CHECK(output.write("a\n") == 1);
}

TEST_CASE("a terminal that was stopped costs lines until it goes on") {
    const Terminal terminal;
    Output output(terminal.path);
    REQUIRE(output.open().has_value());
    CHECK(output.is_terminal());
    CHECK(output.width() == 81);
    CHECK(output.write("before\n") == 0);
    CHECK(terminal.seen() == "before\r\n");
    terminal.stop();
    CHECK(output.write("while\nit stands\n") == 2);
    terminal.go_on();
    CHECK(output.write("after\n") == 0);
    CHECK(terminal.seen() == "after\r\n");
}
