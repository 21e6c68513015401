// SPDX-License-Identifier: Apache-2.0
// Places for links and calls, and the lines for them.
#include "core/upstream/upstream_scene.hpp"

using namespace shadowcat::core;

namespace {

UpstreamSettings one_link() {
    UpstreamSettings settings = quick();
    settings.pool.max_links = 1;
    return settings;
}

bool says(const sdk::Error& error, std::string_view text) {
    CAPTURE(error.message());
    return error.message().find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("who comes first gets the next free link") {
    UpstreamScene scene(one_link());
    Client& first = scene.lease();
    Client& second = scene.lease();
    Client& third = scene.lease();
    CHECK(first.has_link());
    CHECK(second.waits());
    scene.close(first);
    CHECK(second.has_link());
    CHECK(third.waits());
    CHECK(scene.server(0).closed);  // never handed on
    scene.close(second);
    CHECK(third.has_link());
    CHECK(scene.machine.servers.size() == 3);
}

TEST_CASE("a link's place is free again after a crash, a failed open and a lost holder") {
    UpstreamScene scene(one_link());
    Client& crashed = scene.lease();
    scene.server(0).crash();
    CHECK(crashed.lost == 1);
    CHECK(scene.state->links.used() == 0);
    scene.machine.refuses = true;
    CHECK(scene.lease().error().code() == sdk::ErrorCode::unreachable);
    CHECK(scene.state->links.used() == 0);
    scene.machine.refuses = false;
    Client& dropped = scene.lease();
    CHECK(dropped.has_link());
    dropped.outcome.reset();
    scene.poll();
    CHECK(scene.server(1).closed);
    CHECK(scene.lease().has_link());
}

TEST_CASE("a full line refuses at once, a long wait in the end, both saying what is full") {
    UpstreamSettings settings = one_link();
    settings.pool.max_waiting = 1;
    settings.pool.wait_timeout = std::chrono::seconds(0);
    UpstreamScene scene(settings);
    Client& first = scene.lease();
    Client& timed_out = scene.lease();
    REQUIRE_FALSE(timed_out.waits());
    CHECK(timed_out.error().code() == sdk::ErrorCode::unavailable);
    CHECK(timed_out.error().nothing_sent());
    CHECK(says(timed_out.error(), "all 1 links of upstream 'primary' are in use, for longer"));
    scene.settings.pool.max_waiting = 0;
    scene.state->apply(scene.settings);
    Client& refused = scene.lease();
    CHECK(says(refused.error(), "all 1 links of upstream 'primary' are in use, and too many wait"));
    CHECK(refused.error().nothing_sent());
    CHECK(first.has_link());
}

TEST_CASE("who waits may give up, and learns the reason as it was given") {
    UpstreamScene scene(one_link());
    Client& first = scene.lease();
    Client& second = scene.lease();
    Client& third = scene.lease();
    second.cancellation.request(
        sdk::downstream_error(sdk::ErrorCode::cancelled, "the client cancelled"));
    scene.poll();
    REQUIRE_FALSE(second.waits());
    CHECK(second.error().code() == sdk::ErrorCode::cancelled);
    CHECK(second.error().nothing_sent());
    scene.close(first);
    CHECK(third.has_link());
}

TEST_CASE("calls wait for one another's places") {
    UpstreamSettings settings = quick();
    settings.pool.max_inflight = 1;
    UpstreamScene scene(settings);
    Caller& first = scene.admit();
    Caller& second = scene.admit();
    CHECK(first.admitted());
    CHECK(second.waits());
    CHECK(scene.state->status().waiting_for_call == 1);
    first.outcome.reset();
    scene.poll();
    CHECK(second.admitted());
    CHECK(scene.state->in_flight == 1);
}

TEST_CASE("bytes are bounded, and a message larger than all of them is refused") {
    UpstreamSettings settings = quick();
    settings.pool.max_inflight_bytes = 100;
    UpstreamScene scene(settings);
    Caller& first = scene.admit(60);
    Caller& second = scene.admit(50);
    CHECK(first.admitted());
    CHECK(second.waits());
    first.outcome.reset();
    scene.poll();
    CHECK(second.admitted());
    Caller& huge = scene.admit(101);
    REQUIRE_FALSE(huge.waits());
    CHECK(huge.error().code() == sdk::ErrorCode::unavailable);
    CHECK(says(huge.error(), "larger than the 100 bytes that upstream 'primary'"));
    CHECK(scene.state->calls.used() == 1);
}

TEST_CASE("the upstream's end ends every wait") {
    UpstreamSettings settings = one_link();
    settings.pool.max_inflight = 1;
    UpstreamScene scene(settings);
    Client& first = scene.lease();
    Client& second = scene.lease();
    const Caller& calls = scene.admit();
    const Caller& caller = scene.admit();
    CHECK(caller.waits());
    scene.stop();
    CHECK(calls.admitted());
    REQUIRE_FALSE(caller.waits());
    CHECK(caller.error().code() == sdk::ErrorCode::unavailable);
    REQUIRE_FALSE(second.waits());
    CHECK(second.error().code() == sdk::ErrorCode::unavailable);
    CHECK(first.has_link());
    CHECK_FALSE(first.lease().alive());
    CHECK(scene.lease().error().code() == sdk::ErrorCode::unavailable);
}
