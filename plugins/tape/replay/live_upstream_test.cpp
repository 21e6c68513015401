// SPDX-License-Identifier: Apache-2.0
// What the tape doesn't have goes to the live server.
#include "shadowcat/sdk/json_rpc.hpp"

#include "replay/link_scene.hpp"

using namespace shadowcat;
using namespace shadowcat::tape;
using namespace shadowcat::tape::test;

namespace {

/// What the live server was told, over all its links.
class Diary {
public:
    std::vector<std::string> heard;
    int opened = 0;
    int closed = 0;
    bool refuse = false;
};

class LiveLink final : public sdk::Link {
public:
    explicit LiveLink(Diary& diary) : diary_(diary) {}

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation&) override {
        diary_.heard.push_back(request.bytes());
        if (request.name() == "die") {
            alive_ = false;
            co_return sdk::upstream_error(sdk::ErrorCode::crashed, "it died");
        }
        sdk::Message answer = sdk::make_result(request.id(), R"({"live":true})");
        co_return co_await replies.write(std::move(answer));
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) override {
        diary_.heard.push_back(message.bytes());
        co_return sdk::Result<void>();
    }
    sdk::awaitable<> close() override {
        ++diary_.closed;
        co_return;
    }
    bool alive() const noexcept override { return alive_; }
    std::string peer() const override { return "live"; }

private:
    Diary& diary_;
    bool alive_ = true;
};

class LiveConnector final : public sdk::Connector {
public:
    explicit LiveConnector(Diary& diary) : diary_(diary) {}
    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(sdk::LinkEvents&,
                                                                 const sdk::LinkOptions&) override {
        if (diary_.refuse) co_return sdk::Error(sdk::ErrorCode::unreachable, "nobody there");
        ++diary_.opened;
        std::unique_ptr<sdk::Link> link = std::make_unique<LiveLink>(diary_);
        co_return link;
    }
    sdk::awaitable<> stop() override { co_return; }
    std::string target() const override { return "live"; }

private:
    Diary& diary_;
};

const sdk::Json kLiveConfig = {{"on_no_match", "upstream"}, {"upstream", {{"transport", "fake"}}}};

LinkScene::Make maker(Diary& diary) {
    return [&diary](const sdk::Json& upstream) -> sdk::Result<std::unique_ptr<sdk::Connector>> {
        if (upstream.at("transport") != "fake")
            return sdk::Error(sdk::ErrorCode::config, "no such transport");
        std::unique_ptr<sdk::Connector> made = std::make_unique<LiveConnector>(diary);
        return made;
    };
}

Script session() {
    return Script()
        .client(0, 1, request("1", "initialize"))
        .server(1, 1, result("1", R"({"recorded":true})"))
        .client(2, 2, request("2", "tools/list"))
        .server(3, 2, result("2", R"({"recorded":true})"));
}

}  // namespace

TEST_CASE("the live server is opened when needed, with the client's own handshake") {
    Diary diary;
    {
        LinkScene scene(session(), kLiveConfig, maker(diary));
        const std::string hello = request("\"h\"", "initialize", R"({"clientInfo":{"name":"me"}})");
        CHECK(scene.ask(hello)[0] == result("\"h\"", R"({"recorded":true})"));
        scene.send(notification("notifications/initialized"));
        CHECK(scene.ask(request("2", "tools/list"))[0] == result("2", R"({"recorded":true})"));
        CHECK(diary.opened == 0);
        const std::string other = request("3", "prompts/list");
        CHECK(scene.ask(other)[0] == result("3", R"({"live":true})"));
        scene.ask(other);
        CHECK(diary.opened == 1);
        CHECK(diary.heard == std::vector<std::string>{
                                 hello, R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                                 other, other});
        scene.send(notification("notifications/roots/list_changed"));
        CHECK(diary.heard.back() == notification("notifications/roots/list_changed"));
    }
    CHECK(diary.closed == 1);
}

TEST_CASE("a live server without sessions needs no handshake") {
    Diary diary;
    LinkScene scene(Script(sdk::Era::stateless)
                        .client(0, 1, request("1", "tools/list"))
                        .server(1, 1, result("1")),
                    kLiveConfig, maker(diary));
    const std::string other = request("3", "prompts/list");
    scene.ask(other);
    CHECK(diary.heard == std::vector<std::string>{other});
}

TEST_CASE("a live server that died is opened anew by the next request that needs it") {
    Diary diary;
    LinkScene scene(session(), kLiveConfig, maker(diary));
    Client client;
    scene.begin(client, request("3", "tools/call", tool("die")));
    scene.run_until([&] { return client.outcome.has_value(); });
    CHECK(client.outcome->error().code() == sdk::ErrorCode::crashed);
    CHECK(scene.link->alive());
    CHECK(scene.ask(request("4", "prompts/list"))[0] == result("4", R"({"live":true})"));
    CHECK(diary.opened == 2);
}

TEST_CASE("a live server that can't be reached fails the request, not the replay") {
    Diary diary;
    diary.refuse = true;
    LinkScene scene(session(), kLiveConfig, maker(diary));
    Client client;
    scene.begin(client, request("3", "prompts/list"));
    scene.run_until([&] { return client.outcome.has_value(); });
    CHECK(client.outcome->error().code() == sdk::ErrorCode::unreachable);
    CHECK(client.outcome->error().nothing_sent());
    CHECK(scene.ask(request("2", "tools/list"))[0] == result("2", R"({"recorded":true})"));
}
