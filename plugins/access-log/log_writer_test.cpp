// SPDX-License-Identifier: Apache-2.0
// LogWriter: full disks, rotation by others, and the end.
#include "log_writer.hpp"

#include "shadowcat/sdk/log.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <thread>

using namespace shadowcat;
using namespace std::chrono_literals;
using access_log::FullDisk;
using access_log::LogWriter;
using access_log::Scratch;

namespace {

access_log::Options writer_options(const std::string& path, std::size_t queue_bytes = 65536) {
    return access_log::Options(sdk::Json{{"path", path},
                                         {"fields", sdk::Json::array()},
                                         {"max_bytes", 0},
                                         {"keep", 1},
                                         {"queue_bytes", queue_bytes}});
}

/// A writer on its thread.
class Running {
public:
    explicit Running(const std::string& path) : writer(writer_options(path), metrics, 1ms) {
        const auto opened = writer.open();
        REQUIRE(opened.has_value());
        thread_ = std::thread([this] { writer.run(); });
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { end(); }

    void end() {
        writer.ask_stop();
        if (thread_.joinable()) thread_.join();
    }
    std::int64_t dropped() { return counter("shadowcat_access_log_dropped_total"); }
    std::int64_t errors() { return counter("shadowcat_access_log_write_errors_total"); }

    sdk::Metrics metrics;
    LogWriter writer;

private:
    std::int64_t counter(const char* name) { return metrics.counter(name, "").value(); }
    std::thread thread_;
};

/// Waits until `done`; false after ten seconds.
template <class Done>
bool eventually(const Done& done) {
    for (int i = 0; i < 10'000; ++i) {
        if (done()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

/// Takes what is written to stderr for as long as it lives; in a pipe, which no full disk cuts.
class CapturedStderr {
public:
    CapturedStderr() : saved_(::dup(2)) {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
        ::dup2(ends[1], 2);
        ::close(ends[1]);
        reader_ = ends[0];
    }
    CapturedStderr(const CapturedStderr&) = delete;
    CapturedStderr& operator=(const CapturedStderr&) = delete;
    ~CapturedStderr() {
        ::dup2(saved_, 2);
        ::close(saved_);
        ::close(reader_);
    }
    const std::string& text() {
        std::array<char, 4096> chunk{};
        for (ssize_t size = 0; (size = ::read(reader_, chunk.data(), chunk.size())) > 0;)
            text_.append(chunk.data(), static_cast<std::size_t>(size));
        return text_;
    }
    int count(const std::string& what) {
        int found = 0;
        for (std::size_t at = 0; (at = text().find(what, at)) != std::string::npos; ++at)
            ++found;
        return found;
    }

private:
    int saved_;
    int reader_ = -1;
    std::string text_;
};

const std::string kLine = std::string(99, 'x') + "\n";

}  // namespace

TEST_CASE("every line is in the file at the end") {
    const Scratch scratch;
    Running log(scratch.path());
    for (int i = 0; i < 300; ++i)
        log.writer.append("line " + std::to_string(i) + "\n");
    log.end();
    const auto lines = Scratch::lines(scratch.path());
    REQUIRE(lines.size() == 300);
    CHECK(lines.back() == "line 299");
    CHECK(log.dropped() == 0);
}

TEST_CASE(
    "a full disk: said once, counted, bounded, and afterwards whole lines and what is missing") {
    const Scratch scratch;
    CapturedStderr captured;
    {
        Running log(scratch.path());
        {
            const FullDisk full(250);  // two and a half lines
            for (int i = 0; i < 5; ++i)
                log.writer.append(kLine);
            REQUIRE(eventually([&] { return log.errors() > 2; }));
            for (int i = 0; i < 2000; ++i)  // more than the queue takes
                log.writer.append(kLine);
            CHECK(log.dropped() > 1000);
        }
        REQUIRE(eventually([&] {
            return Scratch::text(scratch.path()).find("\"dropped\"") != std::string::npos;
        }));
        log.writer.append("it goes on\n");
        log.end();
        const auto lines = Scratch::lines(scratch.path());
        std::int64_t whole = 0, said = 0;
        for (const std::string& line : lines) {
            const bool is_line = line + "\n" == kLine;
            whole += is_line ? 1 : 0;
            if (!is_line && line != "it goes on")
                said += sdk::Json::parse(line).at("dropped").get<std::int64_t>();
        }
        CHECK(lines.back() == "it goes on");
        CHECK(said == log.dropped());
        CHECK(whole + said == 2005);
    }
    CHECK(captured.count("access log can't be written") == 1);
    CHECK(captured.count("access log is written again") == 1);
    CHECK(captured.text().find("File too large") != std::string::npos);
}

TEST_CASE("a disk that stays full costs the last lines, not the end") {
    CapturedStderr captured;
    Running log("/dev/full");
    log.writer.append("a\n");
    log.writer.append("b\n");
    log.end();
    CHECK(log.dropped() == 2);
    CHECK(log.errors() >= 1);
    CHECK(captured.count("access log ends without its last lines") == 1);
}

TEST_CASE("a pipe that nobody reads costs the last lines, not the end") {
    const Scratch scratch;
    CapturedStderr captured;
    REQUIRE(::mkfifo(scratch.path().c_str(), 0600) == 0);
    const int reader = ::open(scratch.path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    Running log(scratch.path());
    for (int i = 0; i < 3000; ++i)  // more than queue and pipe take
        log.writer.append(kLine);
    log.end();
    CHECK(log.dropped() > 0);
    ::close(reader);
}

TEST_CASE("reopen moves to the file that is there now") {
    const Scratch scratch;
    CapturedStderr captured;
    Running log(scratch.path());
    log.writer.append("before\n");
    REQUIRE(eventually([&] { return Scratch::text(scratch.path()) == "before\n"; }));
    std::filesystem::rename(scratch.path(), scratch.path("access.log.1"));
    log.writer.ask_reopen();
    REQUIRE(eventually([&] { return std::filesystem::exists(scratch.path()); }));
    log.writer.append("after\n");
    log.end();
    CHECK(Scratch::text(scratch.path("access.log.1")) == "before\n");
    CHECK(Scratch::text(scratch.path()) == "after\n");
}

TEST_CASE("reopen helps a log out whose disk is full, and no line begins in the middle") {
    const Scratch scratch;
    CapturedStderr captured;
    std::filesystem::create_symlink("/dev/full", scratch.path());
    Running log(scratch.path());
    log.writer.append("one\n");
    log.writer.append("two\n");
    REQUIRE(eventually([&] { return log.errors() > 0; }));
    std::filesystem::remove(scratch.path());
    log.writer.ask_reopen();
    REQUIRE(eventually([&] { return Scratch::text(scratch.path()) == "one\ntwo\n"; }));
    log.end();
    CHECK(log.dropped() == 0);
}

TEST_CASE("a line that was cut isn't continued in another file") {
    const Scratch scratch;
    CapturedStderr captured;
    const FullDisk full(9);
    Running log(scratch.path());
    log.writer.append("whole\n");
    log.writer.append("is cut\n");
    REQUIRE(eventually([&] { return log.errors() > 0; }));
    std::filesystem::rename(scratch.path(), scratch.path("old"));
    log.writer.ask_reopen();
    REQUIRE(eventually([&] { return log.dropped() == 1; }));
    log.writer.append("next\n");
    log.end();
    CHECK(Scratch::text(scratch.path("old")) == "whole\nis ");
    CHECK(Scratch::text(scratch.path()) == "next\n");
}

TEST_CASE("a reopen that fails is said, and the old file goes on") {
    const Scratch scratch;
    CapturedStderr captured;
    std::filesystem::create_directory(scratch.path("logs"));
    Running log(scratch.path("logs/access.log"));
    std::filesystem::rename(scratch.path("logs"), scratch.path("moved"));
    log.writer.ask_reopen();
    REQUIRE(eventually([&] { return captured.count("access log can't be opened anew") == 1; }));
    log.writer.append("line\n");
    log.end();
    CHECK(Scratch::text(scratch.path("moved/access.log")) == "line\n");
}
