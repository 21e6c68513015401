// SPDX-License-Identifier: Apache-2.0
// How many links start at a time, and what failed starts do to the next.
#include "core/upstream/upstream_scene.hpp"

using namespace shadowcat::core;
using std::chrono::milliseconds;

namespace {

UpstreamSettings one_start() {
    UpstreamSettings settings = quick();
    settings.pool.max_starting = 1;
    return settings;
}

UpstreamSettings long_pause() {
    UpstreamSettings settings = quick();
    settings.pool.min_backoff = std::chrono::hours(1);
    settings.pool.max_backoff = std::chrono::hours(1);
    return settings;
}

}  // namespace

TEST_CASE("the next starts when the one before has answered") {
    UpstreamScene scene(one_start());
    scene.machine.slow = true;
    Client& first = scene.lease();
    Client& second = scene.lease();
    CHECK(scene.machine.opening == 1);
    scene.machine.go_on();
    scene.poll();
    CHECK(first.has_link());
    CHECK(second.waits());  // the first is open but has answered nothing
    scene.call(first.held(), "initialize");
    CHECK(second.has_link());
}

TEST_CASE("the start gate is of all workers") {
    UpstreamScene scene(one_start(), 2);
    scene.lease(0);
    CHECK(scene.lease(1).waits());
    CHECK(scene.state->status().waiting_for_link == 1);
}

TEST_CASE("a link that ends, or is asked nothing for long, lets the next start") {
    UpstreamScene scene(one_start());
    Client& first = scene.lease();
    Client& second = scene.lease();
    Client& third = scene.lease();
    scene.close(first);
    CHECK(second.has_link());
    CHECK(third.waits());
    scene.sweep(LinkRoster::kLongestStart + milliseconds(1));
    CHECK(third.has_link());
}

TEST_CASE("after a failed start the next has to wait, and a long pause is said at once") {
    UpstreamScene scene(long_pause());
    scene.machine.refuses = true;
    CHECK(scene.lease().error().code() == sdk::ErrorCode::unreachable);
    scene.machine.refuses = false;
    Client& refused = scene.lease();
    REQUIRE_FALSE(refused.waits());
    CHECK(refused.error().code() == sdk::ErrorCode::unavailable);
    CHECK(refused.error().nothing_sent());
    CHECK(refused.error().message().find("upstream 'primary' pauses after failed starts, the next "
                                         "is in ") == 0);
    CHECK(scene.machine.servers.empty());
    CHECK(scene.metric("shadowcat_upstream_start_failures_total") == 1);
    CHECK(scene.state->status().paused_for > std::chrono::minutes(29));
    CHECK(scene.state->status().last_error.find("command not found") != std::string::npos);
}

TEST_CASE("who comes during a short pause waits for its end") {
    UpstreamSettings settings = quick();
    settings.pool.min_backoff = settings.pool.max_backoff = milliseconds(50);
    UpstreamScene scene(settings);
    scene.machine.refuses = true;
    scene.lease();
    scene.machine.refuses = false;
    Client& patient = scene.lease();
    Client& impatient = scene.lease();
    impatient.cancellation.request(
        sdk::downstream_error(sdk::ErrorCode::cancelled, "the client cancelled"));
    CHECK(scene.poll_until([&] { return !patient.waits() && !impatient.waits(); }));
    CHECK(patient.has_link());
    CHECK(impatient.error().code() == sdk::ErrorCode::cancelled);
}

TEST_CASE("processes that crash together cost one pause; a served call ends it") {
    UpstreamSettings settings = long_pause();
    settings.pool.max_starting = 10;
    UpstreamScene scene(settings);
    Client& survivor = scene.lease();
    for (int i = 0; i < 5; ++i)
        scene.lease();
    for (std::size_t i = 1; i < 6; ++i)
        scene.server(i).crash();
    CHECK(scene.state->backoff.failures() == 1);
    CHECK(scene.lease().error().code() == sdk::ErrorCode::unavailable);
    scene.call(survivor.held());
    CHECK(scene.state->backoff.failures() == 0);
    CHECK(scene.lease().has_link());
}

TEST_CASE("a pause delays nobody for whom there is a spare") {
    UpstreamSettings settings = long_pause();
    settings.pool.min_idle = 1;
    UpstreamScene scene(settings);
    scene.sweep();
    scene.machine.refuses = true;
    Client& client = scene.lease();  // its replacement is refused
    CHECK(client.has_link());
    CHECK(scene.state->backoff.failures() == 1);
    CHECK(scene.lease().error().code() == sdk::ErrorCode::unavailable);
}
