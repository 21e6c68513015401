// SPDX-License-Identifier: Apache-2.0
// The guard: what is left of our children when we are killed.
#include "orphan_guard.hpp"

#include "process_ids.hpp"
#include "test_support.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

/// Runs a test case of this binary, one that is skipped otherwise, in a process of its own, with
/// stdout into `output`.
pid_t run_alone(const char* test_case, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    const std::string filter = std::string("--test-case=") + test_case;
    std::string program = "test", no_skip = "--no-skip", name = filter;
    char* const arguments[] = {program.data(), no_skip.data(), name.data(), nullptr};
    pid_t pid = 0;
    CHECK(::posix_spawn(&pid, "/proc/self/exe", &actions, nullptr, arguments, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/// Reads until a line has two numbers in `name=number`.
std::pair<pid_t, pid_t> read_pids(int input) {
    const std::regex pattern("\\w+=(\\d+) \\w+=(\\d+)\n");
    std::string text;
    std::smatch found;
    std::array<char, 256> piece;
    while (!std::regex_search(text, found, pattern)) {
        const ssize_t count = ::read(input, piece.data(), piece.size());
        if (count <= 0) return {0, 0};
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
    return {std::stoi(found[1]), std::stoi(found[2])};
}

std::string title_of(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
    std::string title;
    std::getline(file, title, '\0');
    return title;
}

bool some_guard_runs() {
    ProcessIds all;
    for (pid_t pid = all.next(); pid != 0; pid = all.next()) {
        if (title_of(pid) == "shadowcat-guard") return true;
    }
    return false;
}

/// The guards of sacrificed proxies come to this process, and are soon gone.
bool we_have_a_guard_as_child() {
    return std::ranges::any_of(own_children(),
                               [](pid_t pid) { return title_of(pid) == "shadowcat-guard"; });
}

}  // namespace

TEST_CASE("sacrificed proxy" * doctest::skip()) {
    Upstream upstream(fake({"grandchild"}));
    const CapturedLog log;
    upstream.play([&log](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await ask(*pipe, call(1, "ping"));
        const std::string line = "child=" + std::to_string(pid_of(*pipe)) +
                                 " grandchild=" + std::to_string(log.number("grandchild")) + "\n";
        CHECK(::write(STDOUT_FILENO, line.data(), line.size()) > 0);
        co_await end_of(*pipe);  // until it is killed
    });
}

TEST_CASE("when the proxy is killed, its children and theirs die too") {
    PipeEnds output = make_pipe().value();
    const pid_t proxy = run_alone("sacrificed proxy", output.write.get());
    output.write.reset();
    const auto [child, grandchild] = read_pids(output.read.get());
    const std::array<pid_t, 2> family = {child, grandchild};
    for (const pid_t each : family)
        REQUIRE(process_runs(each));
    ::kill(proxy, SIGKILL);
    ::waitpid(proxy, nullptr, 0);
    for (const pid_t each : family)
        CHECK(eventually([each] { return !process_runs(each); }));
}

TEST_CASE("the guard is nobody's child and says what it is") {
    CHECK(OrphanGuard::instance().alive());
    CHECK(eventually([] { return some_guard_runs(); }));
    CHECK(eventually([] { return !we_have_a_guard_as_child(); }));
}

/// A process that sleeps, in a group of its own.
pid_t start_sleeper() {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::string program = "sleep", seconds = "600";
    char* const arguments[] = {program.data(), seconds.data(), nullptr};
    pid_t pid = 0;
    CHECK(::posix_spawnp(&pid, "sleep", nullptr, &attributes, arguments, environ) == 0);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

TEST_CASE("short-lived proxy" * doctest::skip()) {
    const OrphanGuard& guard = OrphanGuard::instance();
    const pid_t forgotten = start_sleeper();
    const pid_t listed = start_sleeper();
    guard.watch(forgotten);
    guard.watch(listed);
    guard.forget(forgotten);
    const std::string line =
        "forgotten=" + std::to_string(forgotten) + " listed=" + std::to_string(listed) + "\n";
    CHECK(::write(STDOUT_FILENO, line.data(), line.size()) > 0);
}

TEST_CASE("the guard kills what is listed, and only that") {
    PipeEnds output = make_pipe().value();
    const pid_t proxy = run_alone("short-lived proxy", output.write.get());
    output.write.reset();
    const auto [forgotten, listed] = read_pids(output.read.get());
    REQUIRE(forgotten > 1);
    REQUIRE(listed > 1);
    ::waitpid(proxy, nullptr, 0);
    const pid_t doomed = listed;
    CHECK(eventually([doomed] { return !process_runs(doomed); }));
    CHECK(process_runs(forgotten));
    ::kill(forgotten, SIGKILL);
}
