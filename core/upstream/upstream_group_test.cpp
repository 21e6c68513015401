// SPDX-License-Identifier: Apache-2.0
// Which upstream a session gets, and why none.
#include "core/upstream/upstream_scene.hpp"

using namespace shadowcat::core;

namespace {

/// Picks the first; remembers whom it could choose from.
class First final : public sdk::PoolStrategy {
public:
    explicit First(Lines& offered) : offered_(offered) {}
    std::size_t pick(std::span<const sdk::Candidate> candidates, const sdk::PickRequest&) override {
        offered_.clear();
        for (const sdk::Candidate& each : candidates)
            offered_.emplace_back(each.name);
        return 0;
    }

private:
    Lines& offered_;
};

class GroupScene {
public:
    GroupScene() {
        for (const char* name : {"a", "b", "c"}) {
            UpstreamSettings settings = quick();
            settings.pool.max_links = 1;
            settings.breaker.emplace();
            settings.breaker->failures = 1;
            states.push_back(std::make_shared<UpstreamState>(name, settings));
            group.add(std::make_shared<Upstream>(worker, states.back(), settings,
                                                 std::make_unique<FakeConnector>(machine),
                                                 sdk::LinkOptions(), metrics));
            all.push_back(group.members().back());
        }
    }
    ~GroupScene() {
        for (const auto& each : all)
            spawn_logged(worker, each->stop(), "test.stop");
        worker.poll();
    }

    std::string pick(const Upstream* avoid = nullptr) {
        const sdk::Result<Upstream*> picked = group.pick(sdk::PickRequest(), avoid);
        return picked.has_value() ? (*picked)->name() : picked.error().message();
    }
    void fill(std::size_t index) { states[index]->links.take_anyway(); }
    void empty(std::size_t index) { states[index]->links.give(); }

    Lines offered;
    sdk::Worker worker;
    sdk::Metrics metrics;
    FakeMachine machine;
    std::vector<std::shared_ptr<UpstreamState>> states;
    UpstreamGroup group = UpstreamGroup(std::make_unique<First>(offered));
    UpstreamGroup::Members all;
};

}  // namespace

TEST_CASE("the strategy chooses among those that accept and have room") {
    GroupScene scene;
    CHECK(scene.pick() == "a");
    CHECK(scene.offered == Lines{"a", "b", "c"});
    scene.states[0]->healthy = false;
    scene.fill(1);
    CHECK(scene.pick() == "c");
    CHECK(scene.offered == Lines{"c"});
    scene.empty(1);
}

TEST_CASE("if none has room, one is picked whose line may be joined") {
    GroupScene scene;
    for (std::size_t i = 0; i < 3; ++i)
        scene.fill(i);
    CHECK(scene.pick() == "a");
    CHECK(scene.offered == Lines{"a", "b", "c"});
    UpstreamSettings no_line = scene.all[0]->settings();
    no_line.pool.max_waiting = 0;
    scene.all[0]->apply(no_line);
    CHECK(scene.pick() == "b");
    for (std::size_t i = 0; i < 3; ++i)
        scene.empty(i);
}

TEST_CASE("the one to avoid is picked only when there is no other") {
    GroupScene scene;
    CHECK(scene.pick(scene.all[0].get()) == "b");
    scene.fill(1);
    scene.states[2]->healthy = false;
    CHECK(scene.pick(scene.all[0].get()) == "b");  // rather wait
    scene.states[1]->healthy = false;
    CHECK(scene.pick(scene.all[0].get()) == "a");
    scene.empty(1);
}

TEST_CASE("the error says why each could not") {
    GroupScene scene;
    scene.states[0]->healthy = false;
    scene.all[1]->report(CallVerdict::failure);
    UpstreamSettings no_line = scene.all[2]->settings();
    no_line.pool.max_waiting = 0;
    scene.all[2]->apply(no_line);
    scene.fill(2);
    const sdk::Result<Upstream*> none = scene.group.pick(sdk::PickRequest());
    REQUIRE(none.has_error());
    CHECK(none.error().code() == sdk::ErrorCode::unavailable);
    CHECK(none.error().nothing_sent());
    CHECK(none.error().message() ==
          "no upstream can serve: a is unhealthy, b has an open circuit breaker, c is full");
    scene.empty(2);
}

TEST_CASE("an upstream that pauses for longer than anybody waits is not picked") {
    GroupScene scene;
    PoolSettings pool;
    pool.min_backoff = pool.max_backoff = std::chrono::hours(1);
    for (const auto& state : scene.states)
        state->backoff.failed(sdk::Clock::now(), pool, 1.0);
    scene.states[2]->backoff.succeeded();
    CHECK(scene.pick() == "c");
    scene.states[2]->healthy = false;
    CHECK(scene.pick() ==
          "no upstream can serve: a pauses after failed starts, b pauses after failed starts, "
          "c is unhealthy");
}

TEST_CASE("members and strategy may be replaced while sessions are bound") {
    GroupScene scene;
    const Upstream::Bond bound(*scene.all[0]);
    scene.group.replace({scene.all[2]});
    CHECK(scene.pick() == "c");
    CHECK(scene.all[0]->bound() == 1);
    Lines seen;
    scene.group.set_strategy(std::make_unique<First>(seen));
    CHECK(scene.pick() == "c");
    CHECK(seen == Lines{"c"});
    scene.group.replace({});
    CHECK(scene.pick() == "no upstream can serve: there are none");
}

TEST_CASE("a request that finds nobody has the sick probed, not too often") {
    GroupScene scene;
    int rung = 0;
    scene.states[0]->probe_bell.connect([&rung] { ++rung; });
    for (const auto& state : scene.states)
        state->healthy = false;
    scene.pick();
    scene.pick();
    CHECK(rung == 1);
    scene.states[0]->probe_bell.connect({});
    ProbeBell bell;
    bell.connect([&rung] { ++rung; });
    const sdk::TimePoint now = sdk::Clock::now();
    CHECK(bell.ring(now));
    CHECK_FALSE(bell.ring(now + std::chrono::milliseconds(999)));
    CHECK(bell.ring(now + ProbeBell::kSpacing));
}
