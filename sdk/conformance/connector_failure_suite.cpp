// SPDX-License-Identifier: Apache-2.0
// Contract of connectors: cancelled calls, dead servers, nobody there.
#include "footprint.hpp"
#include "link_scene.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

void begin_endless(LinkScene& scene, Client& client) {
    scene.begin(client, tool_call("1", "slow", {{"steps", 1000}, {"delay_ms", 50}}, "p"));
    scene.stage.wait_for([&] { return !client.received.empty(); }, "the first progress");
}

/// Opens a link to where nobody is and, if that works, makes a call: one of them has to fail.
sdk::Error first_failure(Stage& stage, sdk::Connector& connector, Owner& owner) {
    const sdk::LinkOptions options;
    auto opened = stage.get(connector.open(owner, options), "Connector::open");
    if (opened.has_error()) return opened.error();
    const std::unique_ptr<sdk::Link> link = *std::move(opened);
    const auto client = std::make_unique<Client>();
    sdk::Message ping = sdk::make_request("1", "ping");
    auto called =
        stage.get(link->call(std::move(ping), *client, client->cancellation), "Link::call");
    stage.run(link->close(), "Link::close");
    return called.has_error() ? called.error() : sdk::Error(sdk::ErrorCode::internal, "no failure");
}

}  // namespace

TEST_SUITE("connector") {
    TEST_CASE("a cancelled call fails with the reason given, and the link lives on") {
        LinkScene scene;
        scene.initialize();
        Client client;
        begin_endless(scene, client);
        client.cancellation.request(sdk::Error(sdk::ErrorCode::cancelled, "changed my mind"));
        scene.stage.wait_for([&] { return client.ended(); }, "the cancelled call");
        REQUIRE(client.outcome->has_error());
        CHECK(name(client.outcome->error().code()) == name(sdk::ErrorCode::cancelled));
        CHECK_FALSE(client.answered());
        CHECK(scene.tool_text("echo", {{"message", "next"}}) == "next");
    }

    TEST_CASE("a call cancelled before it begins fails too") {
        LinkScene scene;
        scene.initialize();
        Client client;
        client.cancellation.request(sdk::Error(sdk::ErrorCode::timed_out, "too late"));
        scene.begin(client, tool_call("1", "slow", {{"steps", 1000}, {"delay_ms", 50}}));
        scene.stage.wait_for([&] { return client.ended(); }, "the cancelled call");
        REQUIRE(client.outcome->has_error());
        CHECK(name(client.outcome->error().code()) == name(sdk::ErrorCode::timed_out));
        CHECK(scene.tool_text("echo", {{"message", "next"}}) == "next");
    }

    TEST_CASE("when the server dies, calls in flight end and the next link works") {
        {
            LinkScene scene;
            scene.initialize();
            const sdk::Json who = sdk::Json::parse(scene.tool_text("whoami", sdk::Json::object()));
            Client client;
            begin_endless(scene, client);
            REQUIRE(kill(who.at("pid").get<pid_t>(), SIGKILL) == 0);
            scene.stage.wait_for([&] { return client.ended(); }, "the call");
            const bool failed = client.outcome->has_error() ||
                                client.received.back().kind() == sdk::MessageKind::error;
            CHECK(failed);
            CHECK(scene.owner.times_closed <= 1);
        }
        LinkScene next;
        next.initialize();
        CHECK(next.tool_text("echo", {{"message", "back"}}) == "back");
    }

    TEST_CASE("where nobody answers, opening or the first call fails, and says where") {
        REQUIRE_MESSAGE(!subject().plan().unreachable.empty(),
                        "the contract file needs `unreachable` for a connector");
        const Footprint before = Footprint::now();
        {
            sdk::Metrics metrics;
            Owner owner;
            Stage stage;
            const sdk::ConnectorContext context = subject().context(stage.worker(), metrics);
            const auto connector =
                subject().make<sdk::Connector>(subject().unreachable_config(), context);
            const sdk::Error error = first_failure(stage, *connector, owner);
            CHECK(name(error.code()) == name(sdk::ErrorCode::unreachable));
            CHECK_FALSE(error.message().empty());
            stage.run(connector->stop(), "Connector::stop");
        }
        INFO("left: ", Footprint::now().beyond(before));
        CHECK(Footprint::now() == before);
    }
}
