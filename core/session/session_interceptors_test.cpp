// SPDX-License-Identifier: Apache-2.0
// Interceptors stand between a client and its server like the skins of an onion.
#include "core/session/transcript.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

using Judge = std::function<sdk::Verdict(sdk::Message&, const sdk::MessageContext&)>;

/// Notes what it sees as `NAME>method` or `NAME<method`, with `!` what the proxy made.
class Noting final : public sdk::Interceptor {
public:
    Noting(std::string name, Lines& notes, Judge judge)
        : name_(std::move(name)), notes_(notes), judge_(std::move(judge)) {}

    sdk::awaitable<sdk::Verdict> on_message(sdk::Message& message,
                                            const sdk::MessageContext& context) override {
        const bool there = context.direction == sdk::Direction::client_to_server;
        notes_.push_back(name_ + (there ? ">" : "<") + std::string(context.method) + " " +
                         std::string(context.name) + (context.made_by_proxy ? "!" : ""));
        co_return judge_ ? judge_(message, context) : sdk::Verdict::pass();
    }

private:
    std::string name_;
    Lines& notes_;
    Judge judge_;
};

/// A session behind the interceptors `a` and `b`; `b`, nearest to the server, judges.
class OnionStage : public Stage {
public:
    explicit OnionStage(Judge judge) {
        InterceptorChain::List list;
        list.push_back(std::make_unique<Noting>("a", notes, nullptr));
        list.push_back(std::make_unique<Noting>("b", notes, std::move(judge)));
        interceptors.replace(std::move(list));
        session = open();
        request(session, caller, call_tool("7", "echo"));
    }

    Lines notes;
    std::shared_ptr<sdk::ClientSession> session;
    ScriptedClient& caller = client();
};

Judge on(sdk::Direction direction, std::function<sdk::Verdict()> verdict) {
    return [=](sdk::Message&, const sdk::MessageContext& context) {
        return context.direction == direction ? verdict() : sdk::Verdict::pass();
    };
}

constexpr auto kThere = sdk::Direction::client_to_server;
constexpr auto kBack = sdk::Direction::server_to_client;

}  // namespace

TEST_CASE("the first interceptor sees the client's messages first and the server's last") {
    OnionStage stage(nullptr);
    stage.say(0, result(1024));
    CHECK(stage.caller.got == Lines{result(7)});
    CHECK(stage.notes == Lines{"a>tools/call echo", "b>tools/call echo", "b<tools/call echo",
                               "a<tools/call echo"});
}

TEST_CASE("an answer in the server's place is seen by who is nearer to the client") {
    OnionStage stage(on(kThere, [] { return sdk::Verdict::answer(message(result(7, "1"))); }));
    CHECK(stage.servers.empty());
    CHECK(stage.caller.got == Lines{result(7, "1")});
    CHECK(stage.notes == Lines{"a>tools/call echo", "b>tools/call echo", "a<tools/call echo!"});
}

TEST_CASE("a dropped request is answered with an error, which interceptors see") {
    OnionStage stage(on(kThere, [] { return sdk::Verdict::drop(); }));
    CHECK(stage.servers.empty());
    CHECK(stage.caller.failure->code() == sdk::ErrorCode::blocked);
    CHECK(stage.notes.back() == "a<tools/call echo!");
}

TEST_CASE("a severed request leaves its client without an answer") {
    OnionStage stage(on(kThere, [] { return sdk::Verdict::sever(); }));
    CHECK(stage.servers.empty());
    CHECK(stage.caller.severed);
    CHECK(stage.caller.got.empty());
    CHECK_FALSE(stage.caller.failure.has_value());
    CHECK(stage.caller.done);
}

TEST_CASE("a severed response too, and the session goes on") {
    OnionStage stage(on(kBack, [once = std::make_shared<bool>(true)] {
        return std::exchange(*once, false) ? sdk::Verdict::sever() : sdk::Verdict::pass();
    }));
    stage.say(0, result(1024));
    CHECK(stage.caller.severed);
    CHECK(stage.caller.got.empty());
    auto& next = stage.client();
    stage.request(stage.session, next, call_tool("8", "echo"));
    stage.say(0, result(2048));
    CHECK(next.got == Lines{result(8)});
}

TEST_CASE("a killed server is one that crashed while the message was on its way") {
    OnionStage stage(on(kBack, [] { return sdk::Verdict::kill_server(); }));
    stage.say(0, result(1024));
    CHECK(stage.caller.got == Lines{result(7)});
    CHECK(stage.servers[0]->killed);
}

TEST_CASE("what the proxy answers itself is marked as its own") {
    Stage stage;
    Lines notes;
    InterceptorChain::List list;
    list.push_back(std::make_unique<Noting>("a", notes, nullptr));
    stage.interceptors.replace(std::move(list));
    const auto session = stage.open();
    auto& client = stage.client();
    stage.request(session, client, request("1", "ping"));
    CHECK(client.got == Lines{result(1)});
    CHECK(notes == Lines{"a>ping ", "a<ping !"});
}

TEST_CASE("exchanges are told apart by number, request id and stream") {
    std::vector<std::uint64_t> numbers;
    Lines ids;
    OnionStage stage([&](sdk::Message&, const sdk::MessageContext& context) {
        numbers.push_back(context.exchange);
        ids.emplace_back(context.request_id);
        CHECK(context.cancellation != nullptr);
        return sdk::Verdict::pass();
    });
    auto& other = stage.client();
    stage.request(stage.session, other, call_tool("\"7\"", "echo"));
    stage.say(0, result(message(stage.servers[0]->got.back()).id()));
    stage.say(0, result(1024));
    CHECK(numbers == std::vector<std::uint64_t>{1, 2, 2, 1});
    CHECK(ids == Lines{"7", "\"7\"", "\"7\"", "7"});
}
