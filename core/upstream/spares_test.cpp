// SPDX-License-Identifier: Apache-2.0
// Links kept open for sessions to come.
#include "core/upstream/upstream_scene.hpp"

using namespace shadowcat::core;

namespace {

UpstreamSettings spare_links(std::size_t count) {
    UpstreamSettings settings = quick();
    settings.pool.min_idle = count;
    return settings;
}

/// With its spares open.
class Warm : public UpstreamScene {
public:
    explicit Warm(std::size_t count, std::size_t worker_count = 1)
        : Warm(spare_links(count), worker_count) {}
    explicit Warm(const UpstreamSettings& how, std::size_t worker_count = 1)
        : UpstreamScene(how, worker_count) {
        sweep();
    }
};

}  // namespace

TEST_CASE("spares are divided over the workers") {
    CHECK(share_of(5, 0, 3) == 2);
    CHECK(share_of(5, 1, 3) == 2);
    CHECK(share_of(5, 2, 3) == 1);
    CHECK(share_of(1, 1, 2) == 0);
    CHECK(share_of(5, 0, 0) == 0);
    Warm scene(3, 2);
    CHECK(scene.machine.servers.size() == 3);
    CHECK(scene.state->spares == 3);
    CHECK(scene.state->links.used() == 3);
}

TEST_CASE("a session gets the oldest spare, and another is started") {
    Warm scene(2);
    CHECK(scene.server(0).got.empty());  // not initialised
    Client& client = scene.lease();
    CHECK(client.has_link());
    CHECK(scene.machine.servers.size() == 3);
    CHECK(scene.state->spares == 2);
    scene.call(client.held());
    CHECK(scene.server(0).got == Lines{"tools/call"});
}

TEST_CASE("a link that served a session is closed, never kept as a spare") {
    Warm scene(1);
    Client& client = scene.lease();
    scene.close(client);
    CHECK(scene.server(0).closed);
    Client& next = scene.lease();
    scene.call(next.held());
    CHECK(scene.server(0).got.empty());
    CHECK(scene.server(1).got == Lines{"tools/call"});
}

TEST_CASE("what a spare says is told to its session, in order and up to a bound") {
    Warm scene(1);
    for (std::size_t i = 0; i < LinkRelay::kMaxKept + 10; ++i)
        scene.say(0, i == 0 ? "notifications/first" : "notifications/more");
    Client& client = scene.lease();
    scene.say(0, "notifications/last");
    CHECK(client.got.size() == LinkRelay::kMaxKept + 1);
    CHECK(client.got.front() == "notifications/first");
    CHECK(client.got.back() == "notifications/last");
}

TEST_CASE("a dead spare is counted and replaced, and gives its place back at once") {
    Warm scene(1);
    scene.server(0).crash();
    CHECK(scene.state->crashes_total == 1);
    CHECK(scene.state->crashes == 1);  // the health checker learns it too
    CHECK(scene.state->links.used() == 0);
    scene.sweep();
    CHECK(scene.machine.servers.size() == 2);
    CHECK(scene.state->spares == 1);
    scene.server(1).crash();
    CHECK(scene.lease().has_link());  // not that one
    CHECK(scene.machine.running() == 2);
}

TEST_CASE("spares that die at once are started again only after a pause") {
    UpstreamSettings settings = spare_links(1);
    settings.pool.min_backoff = std::chrono::hours(1);
    settings.pool.max_backoff = std::chrono::hours(1);
    Warm scene(settings);
    scene.server(0).crash();
    scene.sweep();
    scene.sweep();
    CHECK(scene.machine.servers.size() == 1);
    CHECK(scene.state->backoff.failures() == 1);
}

TEST_CASE("a spare that is too old or too large is not handed out") {
    UpstreamSettings settings = spare_links(1);
    settings.pool.max_age = std::chrono::seconds(60);
    settings.pool.max_memory_bytes = 1000;
    Warm scene(settings);
    scene.sweep(std::chrono::seconds(60));
    CHECK(scene.server(0).closed);
    CHECK(scene.machine.servers.size() == 2);
    scene.server(1).resident = 1000;
    Client& client = scene.lease();
    CHECK(client.has_link());
    CHECK(scene.server(1).closed);
    CHECK(scene.metric("shadowcat_upstream_links_recycled_total", "reason", "age") == 1);
    CHECK(scene.metric("shadowcat_upstream_links_recycled_total", "reason", "memory") == 1);
}

TEST_CASE("a spare gives way to a session of another worker that waits for a place") {
    UpstreamSettings settings = spare_links(1);
    settings.pool.max_links = 1;
    Warm scene(settings, 2);
    CHECK(scene.state->spares == 1);  // on the first worker
    Client& client = scene.lease(1);
    CHECK(client.waits());
    scene.sweep();
    CHECK(client.has_link());
    CHECK(scene.server(0).closed);
    scene.sweep();
    CHECK(scene.state->links.used() == 1);
}

TEST_CASE("no more spares are opened at a time than may start, and none beyond the capacity") {
    UpstreamSettings settings = spare_links(10);
    settings.pool.max_starting = 2;
    settings.pool.max_links = 3;
    Warm scene(settings);
    CHECK(scene.machine.servers.size() == 2);
    scene.sweep(Spares::kSettling);
    CHECK(scene.machine.servers.size() == 3);
    scene.sweep(Spares::kSettling * 2);
    CHECK(scene.machine.servers.size() == 3);
}

TEST_CASE("fewer spares are wanted: the oldest are closed") {
    Warm scene(3);
    scene.settings.pool.min_idle = 1;
    scene.upstream().apply(scene.settings);
    scene.sweep();
    CHECK(scene.state->spares == 1);
    CHECK(scene.machine.running() == 1);
    CHECK_FALSE(scene.server(2).closed);
}

TEST_CASE("stopping leaves no spare, not even one that is being opened") {
    UpstreamScene scene(spare_links(2));
    scene.machine.slow = true;
    scene.sweep();
    CHECK(scene.machine.opening == 2);
    scene.stop();
    scene.machine.go_on();
    scene.poll();
    CHECK(scene.machine.servers.size() == 2);
    CHECK(scene.machine.running() == 0);
    CHECK(scene.state->links.used() == 0);
}
