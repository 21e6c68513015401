// SPDX-License-Identifier: Apache-2.0
// Contract of listeners: start, serve, stop accepting, stop, and leave nothing.
//
// Traffic comes from a connector of the same plugin, where the contract file names one as `client`.
#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "echo_service.hpp"
#include "footprint.hpp"
#include "link_scene.hpp"
#include "stage.hpp"
#include "subject.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

class ListenerScene {
public:
    ListenerScene() : listener(subject().make<sdk::Listener>(subject().config(), host)) {
        const auto started = stage.get(listener->start(), "Listener::start");
        if (started.has_error()) throw std::runtime_error(started.error().message());
    }
    ~ListenerScene() {
        for (const auto& [id, session] : host.echo.sessions)
            stage.finish(session->end(), "ClientSession::end");
        stage.finish(listener->stop(), "Listener::stop");
    }

    Stage stage;
    EchoHost host = EchoHost(stage.worker());
    std::unique_ptr<sdk::Listener> listener;
};

/// `value` with `${ADDRESS}` replaced in every string of its first level.
sdk::Json with_address(sdk::Json value, const std::string& address) {
    const std::string name = "${ADDRESS}";
    for (auto& [key, each] : value.items()) {
        if (!each.is_string()) continue;
        std::string text = each.get<std::string>();
        const std::size_t at = text.find(name);
        if (at != std::string::npos) each = text.replace(at, name.size(), address);
    }
    return value;
}

/// A link to the listener under test.
class Caller {
public:
    explicit Caller(ListenerScene& scene) : stage_(scene.stage) {
        const sdk::Json& client = subject().plan().client;
        const auto name = client.at("connector").get<std::string>();
        const core::Part* part = subject().registry().find<sdk::Connector>(name);
        REQUIRE(part != nullptr);
        std::vector<sdk::ConfigError> errors;
        const sdk::Json config = sdk::validate(
            part->schema, with_address(client.at("config"), scene.listener->address()),
            "client.config", errors);
        REQUIRE(errors.empty());
        const sdk::ConnectorContext context(stage_.worker(), "contract", metrics_);
        connector_ = *subject().registry().create<sdk::Connector>(name, config, context);
        const sdk::LinkOptions options;
        auto opened = stage_.get(connector_->open(owner_, options), "Connector::open");
        REQUIRE(opened.has_value());
        link_ = *std::move(opened);
        ask(sdk::make_request("1", "initialize",
                              R"({"protocolVersion":"2025-06-18","capabilities":{},)"
                              R"("clientInfo":{"name":"contract","version":"1"}})"));
        send("notifications/initialized");
    }
    ~Caller() {
        stage_.finish(link_->close(), "Link::close");
        link_.reset();
        stage_.finish(connector_->stop(), "Connector::stop");
    }

    std::vector<sdk::Message> ask(sdk::Message request) {
        Client client;
        const auto outcome =
            stage_.get(link_->call(std::move(request), client, client.cancellation), "Link::call");
        if (outcome.has_error()) FAIL(outcome.error().message());
        return std::move(client.received);
    }

    void send(std::string_view method) {
        sdk::Message notification = sdk::make_notification(method);
        REQUIRE(stage_.get(link_->send(std::move(notification)), "Link::send").has_value());
    }

private:
    Stage& stage_;
    sdk::Metrics metrics_;
    Owner owner_;
    std::unique_ptr<sdk::Connector> connector_;
    std::unique_ptr<sdk::Link> link_;
};

bool has_client() { return !subject().plan().client.empty(); }

void listen_once() {
    ListenerScene scene;
    if (has_client()) Caller(scene).ask(sdk::make_request("2", "ping"));
    scene.listener->stop_accepting();
}

}  // namespace

TEST_SUITE("listener") {
    TEST_CASE("making a listener binds nothing") {
        Stage stage;
        EchoHost host(stage.worker());
        const Footprint before = Footprint::now();
        const auto listener = subject().make<sdk::Listener>(subject().config(), host);
        CHECK(Footprint::now() == before);
    }

    TEST_CASE("it says where clients reach it, and refuses new ones as often as it is told") {
        ListenerScene scene;
        CHECK_FALSE(scene.listener->address().empty());
        scene.listener->stop_accepting();
        scene.listener->stop_accepting();
    }

    TEST_CASE("a stopped listener leaves nothing") {
        listen_once();
        const Footprint before = Footprint::now();
        listen_once();
        INFO("left: ", Footprint::now().beyond(before));
        CHECK(Footprint::now() == before);
    }
}

// With a client, which the contract file names.
TEST_SUITE("listener traffic") {
    TEST_CASE("requests reach their session, and all that answers them comes back in order") {
        ListenerScene scene;
        Caller caller(scene);
        const auto replies = caller.ask(sdk::make_request(
            "\"an id\"", "tools/call", R"({"name":"x","_meta":{"progressToken":"t"}})"));
        REQUIRE(replies.size() == 2);
        CHECK(replies[0].method() == "notifications/progress");
        CHECK(replies[1].id() == "\"an id\"");
        CHECK(json_of(replies[1])["result"]["echo"] == "tools/call");
        CHECK(scene.host.echo.sessions.size() == 1);
    }

    TEST_CASE("notifications reach the session") {
        ListenerScene scene;
        Caller caller(scene);
        caller.send("notifications/roots/list_changed");
        const auto& session = *scene.host.echo.sessions.begin()->second;
        CHECK(scene.stage.until([&] { return session.notified.size() == 2; }));
        CHECK(session.notified.back() == "notifications/roots/list_changed");
    }

    TEST_CASE("two clients have two sessions") {
        ListenerScene scene;
        Caller one(scene), other(scene);
        CHECK(scene.host.echo.sessions.size() == 2);
    }
}
