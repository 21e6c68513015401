// SPDX-License-Identifier: Apache-2.0
// What crosses the pipes: large and split messages, garbage, oversized lines, stderr.
#include "test_support.hpp"

#include <boost/asio/post.hpp>

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

TEST_CASE("garbage on stdout is skipped, counted and logged, and the session goes on") {
    Upstream upstream(fake({"garbage"}));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        for (int id = 1; id <= 3; ++id) {
            const std::string answer = co_await ask(*pipe, call(id, "ping"));
            CHECK(answer.find("\"result\"") != std::string::npos);
        }
        co_await pipe->close();
    });
    // Six lines of noise at the start and around each answer; the last are discarded at close.
    CHECK(upstream.counted("shadowcat_stdout_noise_lines_total") >= 6 * 6);
    CHECK(log.has("stdout noise skipped upstream=x"));
    CHECK(log.has("starting up, please wait"));
    CHECK(log.has("\\ufffd"));
    CHECK_FALSE(log.has("count=3 "));
}

TEST_CASE("control characters of noise can't forge log lines") {
    Upstream upstream(shell("printf 'evil\\033[31m\\tline\\n'; cat"));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await ask(*pipe, message(R"({"jsonrpc":"2.0","id":1,"result":{}})"));
        co_await pipe->close();
    });
    CHECK(log.has("evil\\u001b[31m\\tline"));
}

TEST_CASE("messages over a mebibyte cross in both directions, byte for byte") {
    Upstream upstream(config_of({"/bin/cat"}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const std::string payload(3 * 1024 * 1024, 'x');
        const std::string text = R"({"jsonrpc":"2.0","id":7,"result":{"text":")" + payload + "\"}}";
        bool received = false;
        auto receive = [&]() -> awaitable<> {
            Result<Message> got = co_await pipe->receive();
            REQUIRE(got.has_value());
            CHECK((got->bytes() == text));
            received = true;
        };
        sdk::spawn_logged(up.worker, receive(), "test.receive");
        co_await say(*pipe, message(text));
        const std::string small = R"({"jsonrpc":"2.0","id":8,"result":{}})";
        while (!received)
            co_await asio::post(up.worker.executor(), sdk::use_awaitable);
        const std::string echoed = co_await ask(*pipe, message(small));
        CHECK(echoed == small);
        co_await pipe->close();
    });
}

TEST_CASE("many messages in one send arrive in order, each on its line") {
    Upstream upstream(config_of({"/bin/cat"}));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        std::vector<Message> batch;
        for (int id = 0; id < 500; ++id) {
            batch.push_back(message("{\"jsonrpc\":\"2.0\",\n\"id\":" + std::to_string(id) +
                                    ",\n\"result\":{}}"));
        }
        const Result<void> sent = co_await pipe->send(batch);
        CHECK(sent.has_value());
        for (int id = 0; id < 500; ++id) {
            Result<Message> got = co_await pipe->receive();
            REQUIRE(got.has_value());
            CHECK(got->id() == std::to_string(id));
        }
        co_await pipe->close();
    });
}

TEST_CASE("the messages of a batch line come one by one, a broken batch is noise") {
    Upstream upstream(
        shell("echo '[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}},"
              " {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{ }}]'; echo '[1]'; echo '[]'; cat"));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        const Result<Message> one = co_await pipe->receive();
        const Result<Message> two = co_await pipe->receive();
        REQUIRE(one.has_value());
        REQUIRE(two.has_value());
        CHECK(one->bytes() == R"({"jsonrpc":"2.0","id":1,"result":{}})");
        CHECK(two->bytes() == R"({"jsonrpc":"2.0","id":2,"result":{ }})");
        co_await ask(*pipe, message(R"({"jsonrpc":"2.0","id":3,"result":{}})"));
        co_await pipe->close();
    });
    CHECK(upstream.counted("shadowcat_stdout_noise_lines_total") == 2);
}

TEST_CASE("a character that is split between two writes arrives whole") {
    Upstream upstream(
        shell("printf '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\\342\\202'; sleep 0.05;"
              "printf '\\254\"}\\n'; cat"));
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        Result<Message> got = co_await pipe->receive();
        REQUIRE(got.has_value());
        CHECK(got->bytes() == "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\u20ac\"}");
        co_await pipe->close();
    });
}

TEST_CASE("an oversized answer is dropped and counted, the next one comes through") {
    Upstream upstream(fake({"big", "100000"}));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open(sdk::ParseLimits(50000, 64));
        co_await say(*pipe, tool_call(1));
        const std::string answer = co_await ask(*pipe, call(2, "ping"));
        CHECK(answer.find("\"id\":2") != std::string::npos);
        co_await pipe->close();
    });
    CHECK(upstream.counted("shadowcat_stdout_oversized_lines_total") == 1);
    CHECK(log.has("oversized message dropped upstream=x"));
}

TEST_CASE("stderr is logged line by line, cut where it is endless, and is no failure") {
    Upstream upstream(fake({"noisy-stderr", "1000000"}));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        co_await ask(*pipe, call(1, "ping"));
        co_await pipe->close();
    });
    const std::string text = log.text();
    CHECK(text.find("child stderr upstream=x pid=") != std::string::npos);
    CHECK(text.find(std::string(4096, 'e')) != std::string::npos);
    CHECK(text.find(std::string(4097, 'e')) == std::string::npos);
}

TEST_CASE("the last words on stdout and stderr are not lost") {
    Upstream upstream(
        shell("echo why >&2; printf '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}'; exit 4"));
    const CapturedLog log;
    upstream.play([](Upstream& up) -> awaitable<> {
        const auto pipe = co_await up.open();
        Result<Message> got = co_await pipe->receive();
        REQUIRE(got.has_value());
        const sdk::Error error = co_await end_of(*pipe);
        CHECK(error.message().ends_with(") exited with code 4"));
        co_await pipe->close();
    });
    CHECK(log.has("line=why"));
    CHECK(log.has("child exited upstream=x"));
    CHECK(log.has("code=4"));
}
