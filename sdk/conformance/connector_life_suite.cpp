// SPDX-License-Identifier: Apache-2.0
// Contract of connectors: making, opening, closing, and what is left afterwards.
#include "footprint.hpp"
#include "link_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

/// From creation to destruction, with some traffic.
void live_once() {
    LinkScene scene;
    scene.initialize();
    CHECK(scene.tool_text("echo", {{"message", "hello"}}) == "hello");
}

void check_returns_to(const Footprint& before) {
    const Footprint after = Footprint::now();
    INFO("left: ", after.beyond(before));
    CHECK(after == before);
}

}  // namespace

TEST_SUITE("connector") {
    TEST_CASE("making a connector opens nothing and says where it leads") {
        sdk::Metrics metrics;
        Stage stage;
        const Footprint before = Footprint::now();
        const sdk::ConnectorContext context = subject().context(stage.worker(), metrics);
        const auto connector = subject().make<sdk::Connector>(subject().config(), context);
        CHECK(Footprint::now() == before);
        CHECK_FALSE(connector->target().empty());
        stage.run(connector->stop(), "Connector::stop");
    }

    TEST_CASE("an opened link is alive and knows its peer; a closed one is not alive") {
        LinkScene scene;
        scene.initialize();
        CHECK(scene.link->alive());
        CHECK_FALSE(scene.link->peer().empty());
        scene.close();
        CHECK_FALSE(scene.link->alive());
    }

    TEST_CASE("closing is not a loss: on_closed is not called") {
        LinkScene scene;
        scene.initialize();
        scene.close();
        CHECK(scene.owner.times_closed == 0);
    }

    TEST_CASE("closing twice, also at the same time, is closing once") {
        LinkScene scene;
        scene.initialize();
        bool first = false;
        const auto close = [](sdk::Link& link, bool& done) -> sdk::awaitable<> {
            co_await link.close();
            done = true;
        };
        scene.stage.start(close(*scene.link, first));
        scene.close();
        CHECK(scene.stage.until([&] { return first; }));
        scene.close();
    }

    TEST_CASE("a call pending at the close fails with closed, and so does a later one") {
        LinkScene scene;
        scene.initialize();
        Client waiting, late;
        scene.begin(waiting, tool_call("1", "slow", {{"steps", 1000}, {"delay_ms", 50}}, "p"));
        scene.stage.wait_for([&] { return !waiting.received.empty(); }, "the first progress");
        scene.close();
        REQUIRE(scene.stage.until([&] { return waiting.ended(); }));
        REQUIRE(waiting.outcome->has_error());
        CHECK(name(waiting.outcome->error().code()) == name(sdk::ErrorCode::closed));
        scene.begin(late, tool_call("2", "echo", {{"message", "late"}}));
        REQUIRE(scene.stage.until([&] { return late.ended(); }));
        REQUIRE(late.outcome->has_error());
        CHECK(name(late.outcome->error().code()) == name(sdk::ErrorCode::closed));
        CHECK(late.outcome->error().nothing_sent());
    }

    TEST_CASE("closed links leave no descriptor and no process") {
        live_once();  // what a process keeps for good is there after the first time
        const Footprint before = Footprint::now();
        for (int i = 0; i < 3; ++i)
            live_once();
        check_returns_to(before);
    }

    TEST_CASE("a link that is destroyed without a close leaves nothing either") {
        live_once();
        const Footprint before = Footprint::now();
        {
            LinkScene scene;
            scene.initialize();
            scene.link.reset();
        }
        check_returns_to(before);
    }

    TEST_CASE("two links of one connector don't share their sessions' fate") {
        LinkScene scene;
        scene.initialize();
        Owner other_owner;
        const sdk::LinkOptions options;
        auto opened =
            scene.stage.get(scene.connector->open(other_owner, options), "Connector::open");
        REQUIRE(opened.has_value());
        std::unique_ptr<sdk::Link> other = *std::move(opened);
        scene.stage.run(other->close(), "Link::close");
        CHECK(scene.link->alive());
        CHECK(scene.tool_text("echo", {{"message", "still here"}}) == "still here");
    }
}
