// SPDX-License-Identifier: Apache-2.0
// What is seen of a child beside its messages: stderr lines, its exit code; and how it is killed.
#include "shadowcat/sdk/transport_event.hpp"

#include "test_support.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

class StderrLines final : public sdk::TransportObserver {
public:
    void on_transport_event(const sdk::TransportEvent& event) noexcept override {
        CHECK(event.kind == sdk::TransportEvent::Kind::stderr_line);
        CHECK(event.hop == sdk::Hop::upstream);
        lines.push_back(std::string(event.session) + " " + std::string(event.upstream) + " " +
                        std::string(event.text));
    }

    std::vector<std::string> lines;
};

using Lines = std::vector<std::string>;

constexpr const char* kTalks = "read line; printf 'one\\n\\ntwo\\r\\n' >&2; printf 'no end' >&2";

Message nudge() { return sdk::Message::opaque("go on"); }

/// What a shell script writes to stderr, as observers and as our own stderr get it.
class Talk {
public:
    explicit Talk(const Json& more, bool observed) : upstream(shell(kTalks, more)) {
        if (observed) upstream.worker.set_observer(&observer);
        const CapturedLog log;
        upstream.play([](Upstream& up) -> awaitable<> {
            const auto pipe = co_await up.open();
            pipe->set_session("s9");
            co_await say(*pipe, nudge());
            co_await end_of(*pipe);
            co_await pipe->close();
        });
        text = log.text();
    }

    StderrLines observer;
    Upstream upstream;
    std::string text;
};

}  // namespace

TEST_CASE("observers get each line of stderr with the session's label") {
    const Talk talk(Json::object(), true);
    CHECK(talk.observer.lines == Lines{"s9 x one", "s9 x ", "s9 x two", "s9 x no end"});
    CHECK(talk.text.find("child stderr") != std::string::npos);
}

TEST_CASE("stderr that passes reaches ours byte for byte, observed or not") {
    for (const bool observed : {false, true}) {
        const Talk talk({{"stderr", "pass"}}, observed);
        CHECK(talk.text.find("one\n\ntwo\r\nno end") != std::string::npos);
        CHECK(talk.text.find("child stderr") == std::string::npos);
        CHECK(talk.observer.lines.size() == (observed ? 4 : 0));
    }
}

TEST_CASE("a killed child has crashed, not been asked to end") {
    Upstream upstream(fake({"plain"}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await ask(*pipe, call(1, "ping"));
        pipe->kill();
        const sdk::Error error = co_await end_of(*pipe);
        CHECK(error.code() == ErrorCode::crashed);
        CHECK(error.message().ends_with("killed by signal 9"));
        CHECK(pipe->exit_code() == 128 + SIGKILL);
        CHECK(pipe->peer().ends_with(", killed by signal 9"));
        co_await pipe->close();
    });
    CHECK(upstream.counted("shadowcat_child_exits_total", "signal") == 1);
}

TEST_CASE("an exit code is known once a child has ended by itself, not when it was forced") {
    const auto code_after_close = [](const Json& config) {
        Upstream upstream(config);
        std::optional<int> code = -1;
        upstream.play([&code](Upstream& up) -> awaitable<> {
            const auto pipe = co_await up.open();
            CHECK_FALSE(pipe->exit_code().has_value());
            co_await pipe->close();
            code = pipe->exit_code();
        });
        return code;
    };
    CHECK(code_after_close(shell("cat; exit 3")) == 3);
    CHECK(code_after_close(shell("cat")) == 0);
    CHECK(code_after_close(shell("cat; kill -HUP $$")) == 128 + SIGHUP);
    const Json no_patience = {{"shutdown_grace_secs", 0}};
    CHECK_FALSE(code_after_close(fake({"ignore-term"}, no_patience)).has_value());
}

TEST_CASE("a signal reaches the child") {
    Upstream upstream(shell("trap 'exit 5' INT; echo '{}' >&2; while :; do read line; done"));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await say(*pipe, nudge());
        pipe->signal(SIGTERM);
        co_await end_of(*pipe);
        CHECK(pipe->exit_code() == 128 + SIGTERM);
        co_await pipe->close();
    });
}

TEST_CASE("where lines pass, a server's noise comes as it is, in order") {
    Upstream upstream(
        shell("printf 'noise\\r\\n\\n%s\\n[1]\\nlast' '{\"jsonrpc\":\"2.0\",\"method\":\"m\"}'"));
    Lines got;
    upstream.play([&got](Upstream& up) -> awaitable<> {
        auto opened = co_await up.connector.open_pipe(sdk::ParseLimits(), true);
        REQUIRE(opened.has_value());
        const std::unique_ptr<sdk::Pipe> pipe = *std::move(opened);
        for (;;) {
            Result<Message> message = co_await pipe->receive();
            if (message.has_error()) break;
            got.push_back((message->is_opaque() ? "text " : "message ") + message->bytes());
        }
        co_await pipe->close();
    });
    CHECK(got == Lines{"text noise\r", "text ", R"(message {"jsonrpc":"2.0","method":"m"})",
                       "text [1]", "text last"});
}
