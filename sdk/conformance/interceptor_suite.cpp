// SPDX-License-Identifier: Apache-2.0
// Contract of interceptors: a verdict on every message, and messages that stay valid.
#include "shadowcat/sdk/interceptor.hpp"

#include "stage.hpp"
#include "subject.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

using sdk::Direction;

const std::array kDirections = {Direction::client_to_server, Direction::server_to_client};

/// Every kind of message, usual and unusual ones.
std::vector<std::string> messages() {
    return {
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"x"}})",
        R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
        R"({"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"echo"}})",
        R"({"jsonrpc":"2.0","id":2,"method":"ping"})",
        R"({"jsonrpc":"2.0","id":3,"method":"no\"such\nmethod","params":{"uri":"ä://漢"}})",
        R"({"jsonrpc":"2.0","id":4,"result":{}})",
        R"({"jsonrpc":"2.0","id":5,"error":{"code":-32603,"message":"broken"}})",
        R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"what?"}})",
        R"({"jsonrpc":"2.0","id":6,"result":{"text":")" + std::string(2'000'000, 'x') + "\"}}",
    };
}

/// What an interceptor is made with; nobody gives commands.
class Host final : public sdk::ControlHost {
public:
    std::shared_ptr<void> serve(std::string, Handler) override { return nullptr; }

    sdk::InterceptorContext context(sdk::Worker& worker) {
        return sdk::InterceptorContext(worker, metrics_, *this, slot_);
    }

private:
    sdk::Metrics metrics_;
    sdk::SharedSlot slot_;
};

/// One message on its way through an interceptor.
class Passage {
public:
    Passage(std::string bytes, Direction direction)
        : message(sdk::Message::parse(std::move(bytes)).value()),
          before(message),
          context(direction, "s-1", "contract") {}

    sdk::awaitable<> perform(sdk::Interceptor& interceptor) {
        verdict = co_await interceptor.on_message(message, context);
    }

    void check() {
        REQUIRE(verdict.has_value());
        if (verdict->kind() == sdk::Verdict::Kind::pass) check_same_exchange(message);
        if (verdict->kind() == sdk::Verdict::Kind::answer) check_answer();
    }

    sdk::Message message;
    const sdk::Message before;
    sdk::MessageContext context;
    std::optional<sdk::Verdict> verdict;

private:
    void check_same_exchange(const sdk::Message& after) const {
        CHECK((after.kind() == before.kind()));
        CHECK(after.id() == before.id());
        CHECK(sdk::Message::parse(after.bytes()).has_value());
    }
    void check_answer() const {
        sdk::Verdict copy = *verdict;
        REQUIRE(copy.response().has_value());
        CHECK(copy.response()->is_response());
        CHECK(copy.response()->id() == before.id());
    }
};

}  // namespace

TEST_SUITE("interceptor") {
    TEST_CASE("every message of either direction gets a verdict that keeps kind and id") {
        Stage stage;
        Host host;
        const auto interceptor =
            subject().make<sdk::Interceptor>(subject().config(), host.context(stage.worker()));
        for (const Direction direction : kDirections) {
            for (const std::string& bytes : messages()) {
                Passage passage(bytes, direction);
                stage.run(passage.perform(*interceptor), "on_message");
                passage.check();
            }
        }
    }

    TEST_CASE("messages that overlap all get their verdict") {
        Stage stage;
        Host host;
        const auto interceptor =
            subject().make<sdk::Interceptor>(subject().config(), host.context(stage.worker()));
        std::vector<std::unique_ptr<Passage>> passages;
        for (int i = 0; i < 64; ++i) {
            const std::string id = std::to_string(i);
            passages.push_back(std::make_unique<Passage>(
                R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"ping"})", kDirections[i % 2]));
            stage.start(passages.back()->perform(*interceptor));
        }
        stage.wait_for([&] { return stage.worker().gate().inside() == 0; }, "on_message");
        for (const auto& passage : passages)
            passage->check();
    }

    TEST_CASE("an upstream that isn't chosen yet is no problem") {
        Stage stage;
        Host host;
        const auto interceptor =
            subject().make<sdk::Interceptor>(subject().config(), host.context(stage.worker()));
        Passage passage(messages()[0], Direction::client_to_server);
        passage.context.upstream = {};
        stage.run(passage.perform(*interceptor), "on_message");
        passage.check();
    }
}
