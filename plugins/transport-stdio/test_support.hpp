// SPDX-License-Identifier: Apache-2.0
// For the tests of this plugin: a connector with its worker, processes as seen from outside, log
// lines.
#pragma once

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "family_tag.hpp"
#include "process_ids.hpp"
#include "stdio_connector.hpp"
#include "stream.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <thread>

namespace shadowcat::transport_stdio::test {

using sdk::awaitable;
using sdk::ErrorCode;
using sdk::Json;
using sdk::Message;
using sdk::Result;

/// Until `condition` holds, for at most 20 seconds.
template <class Condition>
bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

/// Neither gone nor a zombie that somebody else has to reap.
inline bool process_runs(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');
    return name_end != std::string::npos && line.compare(name_end, 3, ") Z") != 0;
}

/// Not even a zombie: it was reaped.
inline bool process_exists(pid_t pid) { return ::kill(pid, 0) == 0; }

/// An argument that no fake of another test run has.
inline std::string marked(const std::string& name) {
    return name + "-" + std::to_string(::getpid());
}

/// Fakes whose command line has `mark` as an argument, and that are no zombies.
inline int processes_with(const std::string& mark) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "cmdline");
        std::ostringstream line;
        line << file.rdbuf();
        if (line.str().find('\0' + mark + '\0') != std::string::npos) ++count;
    }
    return count;
}

/// Children of this process, dead or alive, that belong to a server: all that is left of servers.
/// (The proxies that the guard's tests sacrifice leave theirs to this process too.)
inline std::size_t left_by_servers() {
    const std::vector<pid_t> all = own_children();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](pid_t pid) { return FamilyTag::of(pid).ours(); }));
}

inline std::size_t open_descriptors() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        static_cast<void>(entry);
        ++count;
    }
    return count;
}

/// Gathers what is written to stderr, that is the log, while it lives.
class CapturedLog {
public:
    CapturedLog() : file_(::memfd_create("log", MFD_CLOEXEC)), before_(::dup(STDERR_FILENO)) {
        ::dup2(file_, STDERR_FILENO);
    }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;
    ~CapturedLog() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        ::close(file_);
    }

    std::string text() const {
        std::string bytes(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
        const ssize_t got = ::pread(file_, bytes.data(), bytes.size(), 0);
        bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
        return bytes;
    }

    bool has(const std::string& part) const { return text().find(part) != std::string::npos; }

    /// The number behind `name=`, 0 if there is none yet.
    int number(const std::string& name) const {
        std::smatch found;
        const std::string all = text();
        const std::regex pattern("\\b" + name + "=(\\d+)");
        return std::regex_search(all, found, pattern) ? std::stoi(found[1]) : 0;
    }

private:
    int file_, before_;
};

/// A directory that goes away again.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "stdio-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()));
        path_ = pattern;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }

    std::string path() const { return path_.string(); }

    std::string file(const std::string& name, const std::string& text, bool executable) const {
        const std::filesystem::path made = path_ / name;
        std::ofstream(made) << text;
        using std::filesystem::perms;
        std::filesystem::permissions(made, executable ? perms::owner_all : perms::owner_read);
        return made.string();
    }

private:
    std::filesystem::path path_;
};

inline Message message(const std::string& text) { return Message::parse(text).value(); }

inline Message call(int id, const std::string& method, const std::string& params = "{}") {
    return message(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method +
                   R"(","params":)" + params + "}");
}

inline Message tool_call(int id, const std::string& arguments = "{}") {
    return call(id, "tools/call", R"({"name":"any","arguments":)" + arguments + "}");
}

inline Json config_of(std::vector<std::string> command, Json more = Json::object()) {
    more["command"] = std::move(command);
    std::vector<sdk::ConfigError> errors;
    Json config = sdk::validate(ChildOptions::schema(), more, "upstream", errors);
    REQUIRE(errors.empty());
    return config;
}

inline Json fake(std::vector<std::string> arguments, Json more = Json::object()) {
    arguments.insert(arguments.begin(), FAKE_SERVER);
    return config_of(std::move(arguments), std::move(more));
}

inline Json shell(const std::string& script, Json more = Json::object()) {
    return config_of({"/bin/sh", "-c", script}, std::move(more));
}

/// One upstream named `x` on a worker of its own.
class Upstream {
public:
    explicit Upstream(const Json& config)
        : connector(config, sdk::ConnectorContext(worker, "x", metrics)) {
        ::signal(SIGPIPE, SIG_IGN);
    }

    /// Runs a scenario, `awaitable<>(Upstream&)`, and all coroutines that it leaves, to the end.
    template <class Scenario>
    void play(Scenario scenario) {
        bool finished = false;
        sdk::spawn_logged(worker, play_to_end(scenario(*this), finished), "test");
        while (worker.gate().inside() > 0 && worker.context().run_one() > 0) {
        }
        CHECK(finished);
        CHECK(worker.gate().inside() == 0);
    }

    awaitable<std::unique_ptr<sdk::Pipe>> open(sdk::ParseLimits limits = sdk::ParseLimits()) {
        Result<std::unique_ptr<sdk::Pipe>> pipe = co_await connector.open_pipe(limits);
        REQUIRE(pipe.has_value());
        co_return *std::move(pipe);
    }

    std::int64_t counted(const std::string& name, const std::string& label = "") const {
        for (const sdk::MetricFamily& family : metrics.snapshot()) {
            if (family.name != name) continue;
            for (const sdk::Sample& sample : family.samples) {
                if (label.empty() || sample.labels.back().second == label) return sample.value;
            }
        }
        return -1;
    }

    sdk::Worker worker;
    sdk::Metrics metrics;
    StdioConnector connector;

private:
    static awaitable<> play_to_end(awaitable<> scenario, bool& finished) {
        co_await std::move(scenario);
        finished = true;
    }
};

inline awaitable<> say(sdk::Pipe& pipe, Message what) {
    const std::span<Message> one(&what, 1);
    const Result<void> sent = co_await pipe.send(one);
    CHECK(sent.has_value());
}

/// Sends a request and gives back the text of its response.
inline awaitable<std::string> ask(sdk::Pipe& pipe, Message request) {
    const std::string id(request.id());
    co_await say(pipe, std::move(request));
    for (;;) {
        Result<Message> got = co_await pipe.receive();
        REQUIRE_MESSAGE(got.has_value(), (got.has_error() ? got.error().message() : ""));
        if (got->is_response() && got->id() == id) co_return got->bytes();
    }
}

inline pid_t pid_of(const sdk::Pipe& pipe) { return std::stoi(pipe.peer().substr(4)); }

/// What `receive` fails with, whatever comes before.
inline awaitable<sdk::Error> end_of(sdk::Pipe& pipe) {
    for (;;) {
        Result<Message> got = co_await pipe.receive();
        if (got.has_error()) co_return got.error();
    }
}

}  // namespace shadowcat::transport_stdio::test
