// SPDX-License-Identifier: Apache-2.0
// LogFile: files, full disks, slow pipes and rotation.
#include "log_file.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

using namespace shadowcat;
using access_log::FullDisk;
using access_log::LogFile;
using access_log::Scratch;

namespace {

void write_all(LogFile& file, const std::string& text) {
    const auto written = file.write(text);
    REQUIRE(written.error == 0);
    REQUIRE(written.bytes == text.size());
}

std::string line(int number) {
    return "line " + std::to_string(number) + " " + std::string(90, '.') + "\n";
}

}  // namespace

TEST_CASE("a new file is readable by owner and group only; an old one is appended to") {
    const Scratch scratch;
    const mode_t before = ::umask(0);
    LogFile file(scratch.path(), 0, 1);
    REQUIRE(file.open().has_value());
    ::umask(before);
    struct stat about = {};
    ::stat(scratch.path().c_str(), &about);
    CHECK((about.st_mode & 0777) == 0640);
    write_all(file, "one\n");
    LogFile again(scratch.path(), 0, 1);
    REQUIRE(again.open().has_value());
    write_all(again, "two\n");
    CHECK(Scratch::text(scratch.path()) == "one\ntwo\n");
}

TEST_CASE("a path that can't be written to is a mistake of the configuration, and named") {
    const Scratch scratch;
    LogFile nowhere(scratch.path("no/such/directory.log"), 0, 1);
    const auto opened = nowhere.open();
    REQUIRE(opened.has_error());
    CHECK(opened.error().code() == sdk::ErrorCode::config);
    CHECK(opened.error().message() == "path: can't write to \"" +
                                          scratch.path("no/such/directory.log") +
                                          "\": No such file or directory");
    LogFile directory(scratch.directory, 0, 1);
    CHECK(directory.open().error().message().ends_with("Is a directory"));
}

TEST_CASE("a file that ends in the middle of a line gets its line feed first") {
    const Scratch scratch;
    std::ofstream(scratch.path()) << "whole\ntorn";
    LogFile file(scratch.path(), 0, 1);
    REQUIRE(file.open().has_value());
    write_all(file, "next\n");
    CHECK(Scratch::lines(scratch.path()) == std::vector<std::string>{"whole", "torn", "next"});
}

TEST_CASE("a full disk cuts a line; when there is room again it goes on where it was cut") {
    const Scratch scratch;
    LogFile file(scratch.path(), 0, 1);
    REQUIRE(file.open().has_value());
    const std::string text = "first\nsecond\nthird\n";
    std::size_t done = 0;
    {
        const FullDisk full(9);
        const auto written = file.write(text);
        CHECK(written.bytes == 9);
        CHECK(written.error == EFBIG);
        CHECK(file.mid_line());
        done = written.bytes;
        CHECK(file.write(text.substr(done)).bytes == 0);
    }
    write_all(file, text.substr(done));
    CHECK_FALSE(file.mid_line());
    CHECK(Scratch::text(scratch.path()) == text);
}

TEST_CASE("a device without space says so") {
    LogFile file("/dev/full", 0, 1);
    REQUIRE(file.open().has_value());
    const auto written = file.write("line\n");
    CHECK(written.bytes == 0);
    CHECK(written.error == ENOSPC);
}

TEST_CASE("opening anew follows a file that was moved away") {
    const Scratch scratch;
    LogFile file(scratch.path(), 0, 1);
    REQUIRE(file.open().has_value());
    write_all(file, "old\n");
    std::filesystem::rename(scratch.path(), scratch.path("moved"));
    write_all(file, "still old\n");
    REQUIRE(file.open().has_value());
    write_all(file, "new\n");
    CHECK(Scratch::text(scratch.path("moved")) == "old\nstill old\n");
    CHECK(Scratch::text(scratch.path()) == "new\n");
}

TEST_CASE("opening anew that fails keeps the old file") {
    const Scratch scratch;
    std::filesystem::create_directory(scratch.path("logs"));
    LogFile file(scratch.path("logs/access.log"), 0, 1);
    REQUIRE(file.open().has_value());
    std::filesystem::rename(scratch.path("logs"), scratch.path("moved"));
    CHECK(file.open().has_error());
    write_all(file, "line\n");
    CHECK(Scratch::text(scratch.path("moved/access.log")) == "line\n");
}

TEST_CASE("files rotate between lines, the newest is path.1, and the oldest goes") {
    const Scratch scratch;
    LogFile file(scratch.path(), 250, 2);  // two lines each
    REQUIRE(file.open().has_value());
    std::string seven;
    for (int i = 1; i <= 7; ++i)
        seven += line(i);
    write_all(file, seven);
    CHECK(Scratch::text(scratch.path()) == line(7));
    CHECK(Scratch::text(scratch.path("access.log.1")) == line(5) + line(6));
    CHECK(Scratch::text(scratch.path("access.log.2")) == line(3) + line(4));
    CHECK_FALSE(std::filesystem::exists(scratch.path("access.log.3")));
}

TEST_CASE(
    "a file that was there counts, and a line longer than the limit is written all the same") {
    const Scratch scratch;
    std::ofstream(scratch.path()) << line(0) << line(1);
    LogFile file(scratch.path(), 250, 1);
    REQUIRE(file.open().has_value());
    const std::string longer = line(100).insert(0, 999, 'x');
    write_all(file, longer + line(2));
    CHECK(Scratch::text(scratch.path("access.log.1")) == longer);
    CHECK(Scratch::text(scratch.path()) == line(2));
}

TEST_CASE("a rotation that fails costs no line") {
    const Scratch scratch;
    std::filesystem::create_directories(scratch.path("access.log.1/full"));
    LogFile file(scratch.path(), 250, 1);
    REQUIRE(file.open().has_value());
    std::string five;
    for (int i = 1; i <= 5; ++i)
        five += line(i);
    write_all(file, five);
    CHECK(Scratch::text(scratch.path()) == five);
}

TEST_CASE("a pipe takes what it has room for, and the rest when it was read") {
    const Scratch scratch;
    REQUIRE(::mkfifo(scratch.path().c_str(), 0600) == 0);
    LogFile file(scratch.path(), 0, 1);
    CHECK(file.open().error().message().ends_with("No such device or address"));  // no reader
    const int reader = ::open(scratch.path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(file.open().has_value());
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += line(i);
    std::string read;
    std::size_t done = 0;
    int refused = 0;
    while (done < text.size() && refused < 100) {
        const auto written = file.write(std::string_view(text).substr(done));
        done += written.bytes;
        refused += written.error == EAGAIN ? 1 : 0;
        std::string chunk(1 << 20, '\0');
        for (ssize_t count = 0; (count = ::read(reader, chunk.data(), chunk.size())) > 0;)
            read.append(chunk, 0, static_cast<std::size_t>(count));
    }
    ::close(reader);
    CHECK(refused > 0);
    CHECK(read == text);
}
