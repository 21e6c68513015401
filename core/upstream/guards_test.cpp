// SPDX-License-Identifier: Apache-2.0
// What results of calls do to an upstream.
#include "core/upstream/upstream_scene.hpp"

using namespace shadowcat::core;
using std::chrono::seconds;

namespace {

UpstreamSettings with_breaker(seconds open_for) {
    UpstreamSettings settings = quick();
    settings.breaker.emplace();
    settings.breaker->failures = 2;
    settings.breaker->open_for = open_for;
    return settings;
}

void fail_twice(UpstreamScene& scene) {
    scene.upstream().report(CallVerdict::failure);
    scene.upstream().report(CallVerdict::failure);
}

}  // namespace

TEST_CASE("an open breaker refuses calls and takes no sessions") {
    UpstreamScene scene(with_breaker(seconds(3600)));
    for (int i = 0; i < 10; ++i)
        scene.upstream().report(CallVerdict::neutral);
    CHECK(scene.upstream().accepts());
    fail_twice(scene);
    CHECK_FALSE(scene.upstream().accepts());
    const Caller& refused = scene.admit();
    REQUIRE_FALSE(refused.waits());
    CHECK(refused.error().code() == sdk::ErrorCode::unavailable);
    CHECK(refused.error().nothing_sent());
    CHECK(refused.error().message() ==
          "the circuit breaker of upstream 'primary' is open, the next try is in 3600 s");
    CHECK(scene.state->status().condition == UpstreamCondition::open);
    CHECK(scene.metric("shadowcat_upstream_breaker_transitions_total", "to", "open") == 1);
}

TEST_CASE("one call at a time tries a half-open breaker") {
    UpstreamScene scene(with_breaker(seconds(0)));
    fail_twice(scene);
    CHECK(scene.upstream().accepts());
    Caller& trial = scene.admit();
    CHECK(trial.admitted());
    CHECK_FALSE(scene.upstream().accepts());
    CHECK(scene.admit().error().code() == sdk::ErrorCode::unavailable);
    scene.upstream().report(CallVerdict::neutral);
    trial.outcome.reset();
    Caller& next = scene.admit();
    CHECK(next.admitted());
    scene.upstream().report(CallVerdict::success);
    CHECK(scene.admit().admitted());
    CHECK(scene.state->status().condition == UpstreamCondition::healthy);
    CHECK(scene.metric("shadowcat_upstream_breaker_transitions_total", "to", "closed") == 1);
}

TEST_CASE("without a breaker nothing is refused") {
    UpstreamScene scene;
    for (int i = 0; i < 100; ++i)
        scene.upstream().report(CallVerdict::failure);
    CHECK(scene.upstream().accepts());
    CHECK(scene.admit().admitted());
}

TEST_CASE("an upstream whose calls fail is ejected, by a sweep, unless it is the last") {
    UpstreamSettings settings = quick();
    settings.outlier.emplace();
    UpstreamScene scene(settings);
    UpstreamScene other(settings);
    const auto fail_all = [](UpstreamScene& one, seconds later) {
        one.sweep(later);
        for (int i = 0; i < 20; ++i)
            one.upstream().report(CallVerdict::failure);
        one.sweep(later + seconds(10));
    };
    fail_all(scene, seconds(0));
    CHECK(scene.upstream().accepts());  // alone
    UpstreamGroup group(nullptr);
    group.add(scene.upstreams[0]);
    group.add(other.upstreams[0]);
    fail_all(scene, seconds(100));
    CHECK(scene.state->outlier.ejected(scene.workers[0]->now()));
    CHECK_FALSE(scene.upstream().accepts());
    CHECK(scene.upstream().why_not() == "is ejected for failed calls");
    CHECK(scene.state->status(scene.workers[0]->now()).condition == UpstreamCondition::ejected);
    CHECK(scene.metric("shadowcat_upstream_ejections_total") == 1);
    fail_all(other, seconds(100));
    CHECK(other.upstream().accepts());  // half of two are out already
}

TEST_CASE("a condition's time is that of its change") {
    UpstreamScene scene;
    const auto before = scene.state->status();
    CHECK(before.condition == UpstreamCondition::healthy);
    CHECK(scene.state->status().since == before.since);
    scene.state->healthy = false;
    const auto after = scene.state->status();
    CHECK(after.condition == UpstreamCondition::unhealthy);
    CHECK(after.since >= before.since);
    CHECK(scene.state->status().since == after.since);
}

TEST_CASE("gauges follow the upstream at every sweep") {
    UpstreamSettings settings = quick();
    settings.pool.max_links = 2;
    settings.pool.min_idle = 1;
    UpstreamScene scene(settings);
    scene.sweep();
    Client& first = scene.lease();
    scene.sweep();
    Client& second = scene.lease();
    Client& third = scene.lease();
    Caller& call = scene.admit();
    scene.sweep();
    CHECK(scene.metric("shadowcat_upstream_links", "state", "open") == 2);
    CHECK(scene.metric("shadowcat_upstream_links", "state", "spare") == 0);
    CHECK(scene.metric("shadowcat_upstream_waiting", "for", "link") == 1);
    CHECK(scene.metric("shadowcat_upstream_calls") == 1);
    CHECK(scene.metric("shadowcat_upstream_breaker_state") == 0);
    call.outcome.reset();
    scene.close(first);
    CHECK(third.has_link());
    CHECK(scene.metric("shadowcat_upstream_wait_seconds", "for", "link") == 1);
    scene.close(second);
    scene.close(third);
    scene.sweep();
    scene.sweep();
    CHECK(scene.metric("shadowcat_upstream_links", "state", "open") == 0);
    CHECK(scene.metric("shadowcat_upstream_links", "state", "spare") == 1);
    CHECK(scene.metric("shadowcat_upstream_waiting", "for", "link") == 0);
    CHECK(scene.metric("shadowcat_upstream_calls") == 0);
    scene.stop();
    CHECK(scene.metric("shadowcat_upstream_links", "state", "spare") == 0);
}
