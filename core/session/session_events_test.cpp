// SPDX-License-Identifier: Apache-2.0
// What observers learn of sessions and their links, and lines that are no messages.
#include "shadowcat/sdk/transport_event.hpp"

#include "core/session/transcript.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

class Notes final : public sdk::TransportObserver {
public:
    void on_transport_event(const sdk::TransportEvent& event) noexcept override {
        static constexpr std::array<const char*, 4> kNames = {"session opened", "session closed",
                                                              "link opened", "link closed"};
        std::string line = kNames.at(static_cast<std::size_t>(event.kind));
        for (const std::string_view text :
             {event.session, event.upstream, event.target, event.text}) {
            if (!text.empty()) line.append(", ").append(text);
        }
        lines.push_back(std::move(line));
    }

    Lines lines;
};

/// Outlives the stage, which tells of its own end too.
class Watching {
public:
    Notes notes;
};

class WatchedStage : public Watching, public Stage {
public:
    WatchedStage() { worker.set_observer(&notes); }
};

/// Forbidden to see anything.
class Blind final : public sdk::Interceptor {
public:
    sdk::awaitable<sdk::Verdict> on_message(sdk::Message& message,
                                            const sdk::MessageContext&) override {
        CHECK_FALSE(message.is_opaque());
        co_return sdk::Verdict::pass();
    }
};

}  // namespace

TEST_CASE("a session and its link are told from their beginning to their end") {
    WatchedStage stage;
    const auto opened = stage.table.open(sdk::ClientInfo("", "127.0.0.1:4711"));
    REQUIRE(opened.has_value());
    CHECK(stage.notes.lines == Lines{"session opened, s1, 127.0.0.1:4711"});
    ScriptedClient& caller = stage.client();
    stage.request(*opened, caller, call_tool("1", "x"));
    CHECK(stage.notes.lines.back() == "link opened, s1, primary, scripted, scripted");
    stage.end(*opened);
    CHECK(stage.notes.lines == Lines{"session opened, s1, 127.0.0.1:4711",
                                     "link opened, s1, primary, scripted, scripted",
                                     "link closed, s1, primary, closed, scripted",
                                     "session closed, s1, ended by the client"});
}

TEST_CASE("a server that ends by itself is told with its reason") {
    WatchedStage stage;
    const auto session = stage.open();
    ScriptedClient& caller = stage.client();
    stage.request(session, caller, call_tool("1", "x"));
    stage.crash(0);
    const auto& lines = stage.notes.lines;
    CHECK(std::ranges::find(lines, "link closed, s1, primary, the server ended") != lines.end());
}

TEST_CASE("lines that are no messages pass in order, and no interceptor sees them") {
    Stage stage;
    InterceptorChain::List list;
    list.push_back(std::make_unique<Blind>());
    stage.interceptors.replace(std::move(list));
    const auto session = stage.open();
    ScriptedClient& caller = stage.client();
    ScriptedClient& listener = stage.client();
    stage.listen(session, listener);
    stage.request(session, caller, call_tool("1", "x"));
    spawn_logged(stage.worker, Stage::tell(session, sdk::Message::opaque("{half")), "test.text");
    stage.worker.poll();
    REQUIRE(stage.servers[0]->got.size() == 2);
    CHECK(stage.servers[0]->got[1] == "{half");
    CHECK(stage.servers[0]->says.try_push(sdk::Message::opaque("starting\r")));
    stage.worker.poll();
    CHECK(listener.got == Lines{"starting\r"});
}
