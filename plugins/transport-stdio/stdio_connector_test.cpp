// SPDX-License-Identifier: Apache-2.0
// The connector as the core uses it: links with calls in flight.
#include "test_support.hpp"

#include <boost/asio/post.hpp>

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

class Events final : public sdk::LinkEvents {
public:
    awaitable<> on_message(Message unsolicited) override {
        got.push_back(unsolicited.bytes());
        co_return;
    }
    void on_closed(const sdk::Error& error) override { closed = error; }

    std::vector<std::string> got;
    std::optional<sdk::Error> closed;
};

class Replies final : public sdk::ReplyStream {
public:
    awaitable<Result<void>> write(Message reply) override {
        got.push_back(reply.bytes());
        co_return Result<void>();
    }
    awaitable<Result<void>> fail(sdk::Error, Message response) override {
        return write(std::move(response));
    }

    std::vector<std::string> got;
};

awaitable<std::unique_ptr<sdk::Link>> open_link(Upstream& up, Events& events) {
    const sdk::LinkOptions options;
    auto link = co_await up.connector.open(events, options);
    REQUIRE(link.has_value());
    co_return *std::move(link);
}

}  // namespace

TEST_CASE("calls go over a link and their answers come back") {
    Upstream upstream(fake({"reorder"}));
    Events events;
    upstream.play([&events](Upstream& up) -> awaitable<> {
        const auto link = co_await open_link(up, events);
        CHECK(link->alive());
        CHECK(link->peer().starts_with("pid="));
        Replies first, second;
        sdk::Cancellation never;
        bool answered = false;
        auto ask_first = [&]() -> awaitable<> {
            sdk::Cancellation mine;
            const Result<void> done = co_await link->call(tool_call(1), first, mine);
            CHECK(done.has_value());
            answered = true;
        };
        sdk::spawn_logged(up.worker, ask_first(), "test.first");
        const Result<void> done = co_await link->call(tool_call(2), second, never);
        CHECK(done.has_value());
        CHECK(second.got.at(0).find("asked second") != std::string::npos);
        while (!answered)
            co_await asio::post(up.worker.executor(), sdk::use_awaitable);
        CHECK(first.got.at(0).find("asked first") != std::string::npos);
        co_await link->close();
    });
    CHECK_FALSE(events.closed);
}

TEST_CASE("a child that dies in the middle of a call fails it with its exit code") {
    Upstream upstream(fake({"die-mid-call"}));
    Events events;
    upstream.play([&events](Upstream& up) -> awaitable<> {
        const auto link = co_await open_link(up, events);
        Replies replies;
        sdk::Cancellation never;
        const Result<void> done = co_await link->call(tool_call(1), replies, never);
        REQUIRE(done.has_error());
        CHECK(done.error().code() == ErrorCode::crashed);
        CHECK(done.error().message().ends_with(") exited with code 7"));
        CHECK_FALSE(done.error().nothing_sent());
        CHECK_FALSE(link->alive());
        co_await link->close();
    });
    CHECK(events.closed);
    CHECK(upstream.counted("shadowcat_child_exits_total", "failure") == 1);
}

TEST_CASE("a link that is dropped ends its child") {
    Upstream upstream(fake({"plain"}));
    Events events;
    upstream.play([&events](Upstream& up) -> awaitable<> {
        const auto link = co_await open_link(up, events);
        Replies replies;
        sdk::Cancellation never;
        const Result<void> done = co_await link->call(call(1, "ping"), replies, never);
        CHECK(done.has_value());
    });
    CHECK(upstream.counted("shadowcat_children") == 0);
}

TEST_CASE("a link knows how much memory its server takes") {
    Upstream upstream(fake({"plain"}));
    Events events;
    upstream.play([&events](Upstream& up) -> awaitable<> {
        const auto link = co_await open_link(up, events);
        CHECK(link->resident_bytes() > 0);
        co_await link->close();
        CHECK(link->resident_bytes() == 0);
    });
}

TEST_CASE("the target is the command line") {
    const Upstream upstream(fake({"plain", "--token", "abc"}));
    CHECK(upstream.connector.target() == FAKE_SERVER " plain --token ***");
}
