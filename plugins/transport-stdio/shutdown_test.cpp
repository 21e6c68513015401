// SPDX-License-Identifier: Apache-2.0
// Ending children: each rung of the ladder, whole groups, and nothing left behind.
#include "test_support.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

/// Waits, with the loop running, until the log has the number behind `name=`.
awaitable<int> logged_number(Upstream& up, const CapturedLog& log, const char* name) {
    sdk::Timer pause(up.worker.executor());
    for (int i = 0; i < 4000 && log.number(name) == 0; ++i) {
        pause.expires_after(std::chrono::milliseconds(5));
        co_await pause.async_wait(sdk::as_tuple);
    }
    co_return log.number(name);
}

}  // namespace

TEST_CASE("the end of stdin is enough for a polite server") {
    Upstream upstream(fake({"plain"}));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const pid_t pid = pid_of(*pipe);
        co_await ask(*pipe, call(1, "ping"));
        CHECK(up.counted("shadowcat_children") == 1);
        co_await pipe->close();
        CHECK_FALSE(process_exists(pid));
    });
    CHECK(upstream.counted("shadowcat_children") == 0);
    CHECK(upstream.counted("shadowcat_child_starts_total") == 1);
    CHECK(upstream.counted("shadowcat_child_exits_total", "closed") == 1);
    CHECK_FALSE(log.has("child does not end"));
}

TEST_CASE("a server that only listens to SIGTERM gets it") {
    Upstream upstream(shell("sleep 600", {{"shutdown_grace_secs", 0}}));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const pid_t pid = pid_of(*pipe);
        co_await pipe->close();
        CHECK_FALSE(process_exists(pid));
    });
    CHECK(log.has("sending=SIGTERM"));
}

TEST_CASE("a server that ignores everything is killed") {
    Upstream upstream(fake({"ignore-term"}, {{"shutdown_grace_secs", 1}}));
    const CapturedLog log;
    upstream.play([&log](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const pid_t pid = pid_of(*pipe);
        co_await ask(*pipe, call(1, "ping"));
        co_await pipe->close();
        CHECK_FALSE(process_exists(pid));
    });
    CHECK(log.has("sending=SIGKILL"));
    CHECK(upstream.counted("shadowcat_child_exits_total", "killed") == 1);
}

TEST_CASE("what a server started goes with it") {
    Upstream upstream(fake({"grandchild"}));
    const CapturedLog log;
    upstream.play([&log](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const pid_t grandchild = co_await logged_number(up, log, "grandchild");
        CHECK(process_runs(grandchild));
        co_await pipe->close();
        CHECK(eventually([grandchild] { return !process_runs(grandchild); }));
    });
}

TEST_CASE("what left the group, the session and its parent goes too") {
    Upstream upstream(fake({"family", marked("unit-family")}));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await ask(*pipe, call(1, "ping"));
        CHECK(eventually([] { return processes_with(marked("unit-family")) == 4; }));
        co_await pipe->close();
        CHECK(processes_with(marked("unit-family")) == 0);
    });
    CHECK(left_by_servers() == 0);
    CHECK(log.has("ended what had left the child's process group upstream=x"));
    CHECK(log.has("processes=2"));
    CHECK(upstream.counted("shadowcat_child_escapees_total") == 2);
}

TEST_CASE("what ignores SIGTERM out there is killed when the ladder ends") {
    Upstream upstream(
        fake({"family", marked("unit-stubborn"), "stubborn"}, {{"shutdown_grace_secs", 0}}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await ask(*pipe, call(1, "ping"));
        CHECK(eventually([] { return processes_with(marked("unit-stubborn")) == 4; }));
        co_await pipe->close();
        CHECK(processes_with(marked("unit-stubborn")) == 0);
    });
    CHECK(left_by_servers() == 0);
}

TEST_CASE("what another server has started stays, wherever it is") {
    Upstream upstream(fake({"family", marked("unit-two")}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto first = co_await up.open();
        const auto second = co_await up.open();
        co_await ask(*first, call(1, "ping"));
        co_await ask(*second, call(1, "ping"));
        co_await first->close();
        CHECK(eventually([] { return processes_with(marked("unit-two")) == 4; }));
        co_await ask(*second, call(2, "ping"));
        co_await second->close();
        CHECK(processes_with(marked("unit-two")) == 0);
    });
}

TEST_CASE("a pipe that is destroyed without close leaves no daemon either") {
    Upstream upstream(fake({"family", marked("unit-dropped"), "stubborn"}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await ask(*pipe, call(1, "ping"));
    });
    CHECK(processes_with(marked("unit-dropped")) == 0);
    CHECK(left_by_servers() == 0);
}

TEST_CASE("a helper that dies while its server lives is reaped") {
    Upstream upstream(shell("(setsid sh -c 'echo \"helper=$$\" >&2; exit 0' &) ; cat"));
    const CapturedLog log;
    upstream.play([&log](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const pid_t helper = co_await logged_number(up, log, "helper");
        sdk::Timer pause(up.worker.executor());
        for (int i = 0; i < 4000 && process_exists(helper); ++i) {
            pause.expires_after(std::chrono::milliseconds(5));
            co_await pause.async_wait(sdk::as_tuple);
        }
        CHECK_FALSE(process_exists(helper));
        co_await pipe->close();
    });
}

TEST_CASE("what left the group and holds stdout open delays nothing") {
    Upstream upstream(shell("setsid sleep 30 & echo \"escaped=$!\" >&2; exit 5"));
    const CapturedLog log;
    upstream.play([&log](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const sdk::Error error = co_await end_of(*pipe);
        CHECK(error.message().ends_with(") exited with code 5"));
        co_await pipe->close();
        const pid_t escaped = log.number("escaped");
        REQUIRE(escaped > 1);
        CHECK_FALSE(process_runs(escaped));
    });
}

TEST_CASE("close may come twice, and ends what is pending") {
    Upstream upstream(fake({"never-answers"}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        std::optional<sdk::Error> ended;
        auto receive = [&]() -> awaitable<> { ended = co_await end_of(*pipe); };
        sdk::spawn_logged(up.worker, receive(), "test.receive");
        co_await pipe->close();
        REQUIRE(ended);
        CHECK(ended->code() == ErrorCode::closed);
        co_await pipe->close();
        Message late = call(1, "ping");
        const std::span<Message> batch(&late, 1);
        const Result<void> sent = co_await pipe->send(batch);
        CHECK(sent.error().code() == ErrorCode::closed);
    });
}

TEST_CASE("close ends a send that the server doesn't read") {
    Upstream upstream(shell("exec sleep 600", {{"shutdown_grace_secs", 0}}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        bool ended = false;
        auto send = [&]() -> awaitable<> {
            Message large = message(R"({"jsonrpc":"2.0","id":1,"result":")" +
                                    std::string(1 << 20, 'x') + "\"}");
            const std::span<Message> batch(&large, 1);
            const Result<void> sent = co_await pipe->send(batch);
            CHECK(sent.error().code() == ErrorCode::closed);
            ended = true;
        };
        sdk::spawn_logged(up.worker, send(), "test.send");
        co_await pipe->close();
        CHECK(ended);
    });
}

TEST_CASE("a server that writes until it is closed can be closed") {
    Upstream upstream(
        shell("yes '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}' & cat; kill $!"));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        Result<Message> got = co_await pipe->receive();
        CHECK(got.has_value());
        co_await pipe->close();
    });
    CHECK(upstream.counted("shadowcat_child_exits_total", "closed") == 1);
}

TEST_CASE("a pipe that is destroyed without close leaves no process") {
    Upstream upstream(fake({"grandchild"}));
    const CapturedLog log;
    pid_t child = 0, grandchild = 0;
    upstream.play([&](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        child = pid_of(*pipe);
        grandchild = co_await logged_number(up, log, "grandchild");
    });
    CHECK_FALSE(process_exists(child));
    CHECK(eventually([grandchild] { return !process_runs(grandchild); }));
    CHECK(upstream.counted("shadowcat_children") == 0);
}

TEST_CASE("a worker that is destroyed with children on it leaves none") {
    pid_t child = 0;
    {
        Upstream upstream(fake({"ignore-term"}));
        auto scenario = [&child](Upstream& up) -> awaitable<> {
            const auto pipe = co_await up.open();
            co_await ask(*pipe, call(1, "ping"));
            child = pid_of(*pipe);
            up.worker.stop();
            co_await end_of(*pipe);
        };
        sdk::spawn_logged(upstream.worker, scenario(upstream), "test");
        upstream.worker.run();
        CHECK(process_exists(child));
    }
    CHECK_FALSE(process_exists(child));
}

TEST_CASE("a worker that is destroyed leaves no daemon of its children") {
    {
        Upstream upstream(fake({"family", marked("unit-destroyed"), "stubborn"}));
        auto scenario = [](Upstream& up) -> awaitable<> {
            const auto pipe = co_await up.open();
            co_await ask(*pipe, call(1, "ping"));
            up.worker.stop();
            co_await end_of(*pipe);
        };
        sdk::spawn_logged(upstream.worker, scenario(upstream), "test");
        upstream.worker.run();
        CHECK(eventually([] { return processes_with(marked("unit-destroyed")) == 4; }));
    }
    CHECK(processes_with(marked("unit-destroyed")) == 0);
}

TEST_CASE("fifty children come and go, and no descriptor stays") {
    Upstream upstream(fake({"plain"}));
    std::size_t before = 0;
    upstream.play([&before](Upstream& up) -> awaitable<> {
        for (int i = 0; i <= 50; ++i) {
            if (i == 1) before = open_descriptors();  // the first starts the guard
            const auto pipe = co_await up.open();
            co_await ask(*pipe, call(i, "ping"));
            co_await pipe->close();
        }
        CHECK(open_descriptors() == before);
    });
    CHECK(left_by_servers() == 0);
    CHECK(upstream.counted("shadowcat_child_exits_total", "closed") == 51);
}
