// SPDX-License-Identifier: Apache-2.0
// How links end that have served their time.
#include "core/upstream/upstream_scene.hpp"

using namespace shadowcat::core;
using std::chrono::seconds;

TEST_CASE("a link retires after its calls, handshakes not counted") {
    UpstreamSettings settings = quick();
    settings.pool.max_requests = 2;
    UpstreamScene scene(settings);
    Client& client = scene.lease();
    scene.call(client.held(), "initialize");
    scene.call(client.held());
    CHECK_FALSE(client.lease().retiring());
    scene.call(client.held());
    CHECK(client.lease().retiring());
    CHECK(client.lease().alive());
    CHECK(client.lease().life().calls() == 2);
    scene.sweep();
    CHECK(client.lease().alive());  // its session closes it when it can do without
    CHECK(scene.metric("shadowcat_upstream_links_recycled_total", "reason", "requests") == 1);
    CHECK(client.lost == 0);  // it did not end by itself
}

TEST_CASE("a retired shared link serves the calls it has, and whoever is about to call") {
    UpstreamSettings settings = quick();
    settings.isolation = Isolation::shared;
    settings.pool.max_age = seconds(60);
    UpstreamScene scene(settings);
    scene.machine.answers = false;
    Client& client = scene.lease();
    const Answer& answer = scene.call(client.held());
    scene.sweep(seconds(60));
    CHECK(client.lease().retiring());
    CHECK(client.lease().alive());
    std::shared_ptr<LinkLease> about_to_call = client.held();
    scene.server(0).answer();
    scene.poll();
    CHECK(answer.messages == 1);
    scene.sweep(seconds(61));
    CHECK(client.lease().alive());
    about_to_call.reset();
    scene.sweep(seconds(62));
    CHECK_FALSE(client.lease().alive());
}

TEST_CASE("a process that grew too large retires at a sweep") {
    UpstreamSettings settings = quick();
    settings.pool.max_memory_bytes = 1000;
    UpstreamScene scene(settings);
    Client& client = scene.lease();
    scene.sweep();
    CHECK_FALSE(client.lease().retiring());
    scene.server(0).resident = 2000;
    scene.sweep();
    CHECK(client.lease().retiring());
}

TEST_CASE("the end of a link that ends while it is being opened is told to who has it then") {
    UpstreamScene scene;
    scene.machine.dies_at_once = true;
    const Client& client = scene.lease();
    scene.poll();
    CHECK(client.lost == 1);
    CHECK(client.knew_link);
    CHECK(scene.state->links.used() == 0);
}

TEST_CASE("what a server says while its link is being closed concerns nobody any more") {
    for (const bool by_its_holder : {true, false}) {
        UpstreamScene scene;
        Client& client = scene.lease();
        scene.server(0).last_words = "notifications/message";
        if (by_its_holder) {
            scene.close(client);
        } else {
            scene.stop();
        }
        CHECK(scene.server(0).closed);
        CHECK(client.got.empty());
    }
}

TEST_CASE("an idle link is closed, one with a call is not") {
    UpstreamSettings settings = quick();
    settings.pool.idle_timeout = seconds(30);
    UpstreamScene scene(settings);
    Client& idle = scene.lease();
    scene.machine.answers = false;
    Client& busy = scene.lease();
    scene.call(busy.held());
    scene.sweep(seconds(29));
    CHECK(idle.lease().alive());
    scene.sweep(seconds(30));
    CHECK_FALSE(idle.lease().alive());
    CHECK(idle.lease().retiring());  // it was not lost
    CHECK(idle.lost == 0);
    CHECK(busy.lease().alive());
    CHECK(scene.state->links.used() == 1);
    CHECK(scene.metric("shadowcat_upstream_links_recycled_total", "reason", "idle") == 1);
}

namespace {

UpstreamSettings shared_link() {
    UpstreamSettings settings = quick();
    settings.isolation = Isolation::shared;
    settings.pool.max_links = 1;
    settings.pool.max_requests = 2;
    return settings;
}

class Subscriber final : public Participant {
public:
    sdk::awaitable<> on_shared_message(sdk::Message message) override {
        got.emplace_back(message.method());
        co_return;
    }
    bool subscribed_to(std::string_view uri) const override { return uri == "file:///a"; }
    std::vector<std::string> subscriptions() const override { return {"file:///a"}; }

    Lines got;
};

class SharedScene : public UpstreamScene {
public:
    SharedScene() : UpstreamScene(shared_link()) { upstream().shared().join(subscriber); }
    ~SharedScene() { upstream().shared().leave(subscriber); }

    std::shared_ptr<LinkLease> lease_shared() {
        Client& client = clients.emplace_back();
        spawn_logged(*workers[0], take_shared(upstream(), client), "test.lease");
        poll();
        return client.outcome->value();
    }
    static sdk::awaitable<> take_shared(Upstream& upstream, Client& client) {
        client.outcome = co_await upstream.shared().lease();
    }

    Subscriber subscriber;
};

}  // namespace

TEST_CASE("a shared link that served its time is replaced while its last calls go on") {
    SharedScene scene;
    std::shared_ptr<LinkLease> old = scene.lease_shared();
    scene.call(old);
    scene.server(0).answers = false;
    const Answer& last = scene.call(old);
    CHECK(old->retiring());
    scene.machine.slow = true;
    CHECK(scene.lease_shared() == old);  // until the other is open
    CHECK(scene.lease_shared() == old);
    CHECK(scene.machine.opening == 1);
    scene.machine.go_on();
    scene.poll();
    std::shared_ptr<LinkLease> fresh = scene.lease_shared();
    CHECK(fresh != old);
    const Lines greeted = {"initialize", "notifications/initialized", "resources/subscribe"};
    CHECK(scene.server(1).got == greeted);
    CHECK(old->alive());
    CHECK(scene.state->links.used() == 2);
    scene.say(0, "notifications/tools/list_changed");
    CHECK(scene.subscriber.got.empty());  // the old one has no say any more
    scene.say(1, "notifications/tools/list_changed");
    CHECK(scene.subscriber.got.size() == 1);
    scene.server(0).answer();
    scene.poll();
    CHECK(last.messages == 1);
    old.reset();
    scene.clients.clear();
    scene.poll();
    CHECK(scene.server(0).closed);
    CHECK(scene.state->links.used() == 1);
}

TEST_CASE("a shared link goes on when its successor can't be opened") {
    SharedScene scene;
    std::shared_ptr<LinkLease> old = scene.lease_shared();
    scene.call(old);
    scene.call(old);
    scene.machine.refuses = true;
    CHECK(scene.lease_shared() == old);
    CHECK(scene.lease_shared() == old);
    CHECK(old->alive());
    scene.machine.refuses = false;
    scene.lease_shared();
    CHECK(scene.lease_shared() != old);
}

TEST_CASE("on a shared link the proxy answers what the server asks, on the link it came from") {
    SharedScene scene;
    const std::shared_ptr<LinkLease> lease = scene.lease_shared();
    sdk::Message ping = sdk::make_request("7", "ping");
    sdk::Message roots = sdk::make_request("8", "roots/list");
    spawn_logged(*scene.workers[0], scene.server(0).events->on_message(ping), "test.ping");
    spawn_logged(*scene.workers[0], scene.server(0).events->on_message(roots), "test.roots");
    scene.poll();
    CHECK(scene.server(0).got.at(3) == R"({"jsonrpc":"2.0","id":7,"result":{}})");
    CHECK(scene.server(0).got.at(4).find("may not ask them") != std::string::npos);
}
