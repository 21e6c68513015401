// SPDX-License-Identifier: Apache-2.0
// Starting children: what they find, and what is reported when they can't start or end at once.
#include "test_support.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

/// What opening fails with.
sdk::Error failure_of(const Json& config) {
    Upstream upstream(config);
    sdk::Error failure;
    upstream.play([&failure](Upstream& up) -> awaitable<> {
        const auto opened = co_await up.connector.open_pipe(sdk::ParseLimits());
        REQUIRE(opened.has_error());
        failure = opened.error();
    });
    CHECK(upstream.counted("shadowcat_child_starts_total") == 0);
    return failure;
}

/// What a child that ends by itself is reported with.
sdk::Error end_of_child(const Json& config) {
    Upstream upstream(config);
    sdk::Error failure;
    upstream.play([&failure](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const std::string peer = pipe->peer();  // `pid=7`, and how it ended if it has already
        const std::string pid = peer.substr(4, peer.find_first_not_of("0123456789", 4) - 4);
        failure = co_await end_of(*pipe);
        CHECK(failure.message().starts_with("upstream 'x' (pid " + pid + ") "));
        co_await pipe->close();
    });
    return failure;
}

/// What a shell script prints on stderr, as it arrives in the log.
std::string printed(const std::string& script, const Json& more = Json::object()) {
    const CapturedLog log;
    end_of_child(shell(script, more));
    return log.text();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a command that is not there is named") {
    const sdk::Error error = failure_of(config_of({"no-such-program-here"}));
    CHECK(error.code() == ErrorCode::unreachable);
    CHECK(error.message() == "upstream 'x': command not found: 'no-such-program-here'");
    CHECK(error.nothing_sent());
}

TEST_CASE("a command that can't be executed is named") {
    const TemporaryDirectory home;
    const std::string script = home.file("server", "#!/bin/sh\n", false);
    CHECK(failure_of(config_of({script})).message() ==
          "upstream 'x': command is not executable: '" + script + "'");
}

TEST_CASE("what exec itself refuses is told by the child") {
    const TemporaryDirectory home;
    const std::string script = home.file("server", "#!/no/such/interpreter\n", true);
    const sdk::Error lost = failure_of(config_of({script}));
    CHECK(contains(lost.message(), "cannot execute '" + script + "': No such file or directory"));
    const std::string binary = home.file("binary",
                                         "\x7f"
                                         "ELF nonsense",
                                         true);
    CHECK(contains(failure_of(config_of({binary})).message(), "Exec format error"));
}

TEST_CASE("a working directory that is not there is named") {
    CHECK(failure_of(config_of({"/bin/cat"}, {{"cwd", "/no/such/place"}})).message() ==
          "upstream 'x': cwd is not a directory: '/no/such/place'");
}

TEST_CASE("failed starts leave no descriptor and no child") {
    failure_of(config_of({"/bin/true"}, {{"cwd", "/no/such/place"}}));
    const TemporaryDirectory home;
    const std::string script = home.file("server", "#!/no/such/interpreter\n", true);
    failure_of(config_of({script}));
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 20; ++i)
        failure_of(config_of({script}));
    CHECK(open_descriptors() == before);
    CHECK(left_by_servers() == 0);
}

TEST_CASE("the exit code is in the error") {
    const sdk::Error error = end_of_child(fake({"exit-at-once", "3"}));
    CHECK(error.code() == ErrorCode::crashed);
    CHECK(error.source() == sdk::ErrorSource::upstream);
    CHECK(error.message().ends_with(") exited with code 3"));
}

TEST_CASE("the signal is in the error") {
    CHECK(end_of_child(shell("kill -9 $$")).message().ends_with(") killed by signal 9"));
}

TEST_CASE("a child that closes stdout and stays is given up") {
    Upstream upstream(fake({"close-stdout"}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const pid_t pid = pid_of(*pipe);
        const sdk::Error error = co_await end_of(*pipe);
        CHECK(error.code() == ErrorCode::crashed);
        CHECK(error.message().ends_with(") closed its stdout"));
        co_await pipe->close();
        CHECK_FALSE(process_exists(pid));
    });
    CHECK(upstream.counted("shadowcat_child_exits_total", "closed") == 1);
}

TEST_CASE("a child that closes stdin and stays is given up") {
    Upstream upstream(shell("exec 0</dev/null; echo ready >&2; while :; do sleep 0.05; done",
                            {{"shutdown_grace_secs", 0}}));
    const CapturedLog log;
    upstream.play([&log](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        sdk::Timer pause(up.worker.executor());
        for (int i = 0; i < 2000 && !log.has("ready"); ++i) {
            pause.expires_after(std::chrono::milliseconds(5));
            co_await pause.async_wait(sdk::as_tuple);
        }
        Message one = call(1, "ping");
        const std::span<Message> batch(&one, 1);
        const Result<void> sent = co_await pipe->send(batch);
        REQUIRE(sent.has_error());
        CHECK(sent.error().message().ends_with(") closed its stdin"));
        const sdk::Error error = co_await end_of(*pipe);
        CHECK(error.message().ends_with(") closed its stdin"));
        co_await pipe->close();
    });
}

TEST_CASE("the environment is minimal, plus what is added, plus what is let through") {
    ::setenv("STDIO_TEST_SECRET", "hidden", 1);
    ::setenv("STDIO_TEST_WANTED", "passed", 1);
    const std::string plain = printed("env >&2");
    CHECK(contains(plain, "PATH="));
    CHECK_FALSE(contains(plain, "STDIO_TEST"));
    const std::string more =
        printed("env >&2", {{"env", {{"ADDED", "a b"}, {"PATH", "/bin:/usr/bin"}}},
                            {"inherit_env", {"PATH", "STDIO_TEST_WANTED"}}});
    CHECK(contains(more, "line=\"ADDED=a b\""));
    CHECK(contains(more, "STDIO_TEST_WANTED=passed"));
    CHECK(contains(more, "PATH=/bin:/usr/bin"));
    CHECK_FALSE(contains(more, "HOME="));
    CHECK_FALSE(contains(more, "hidden"));
}

TEST_CASE("a child starts in its directory") {
    const TemporaryDirectory home;
    const std::string real = std::filesystem::canonical(home.path()).string();
    CHECK(contains(printed("pwd >&2", {{"cwd", home.path()}}), "line=" + real));
}

TEST_CASE("a child has three descriptors, default signals and a group of its own") {
    const std::string text = printed(
        "echo fds $(ls /proc/self/fd | wc -l) >&2; grep Sig /proc/self/status >&2;"
        "echo group $$ $(cut -d' ' -f5 /proc/$$/stat) >&2");
    CHECK(contains(text, "fds 4"));  // the fourth is the directory that ls reads
    CHECK(contains(text, "SigBlk:\\t0000000000000000"));
    CHECK(contains(text, "SigIgn:\\t0000000000000000"));
    std::smatch group;
    CHECK(std::regex_search(text, group, std::regex("group (\\d+) \\1\"")));
}

TEST_CASE("no shell reads the arguments") {
    const CapturedLog log;
    end_of_child(config_of({"/bin/ls", "/no/$(echo x);such"}));
    CHECK(log.has("/no/$(echo x);such"));
}
