// SPDX-License-Identifier: Apache-2.0
// When an upstream counts as healthy, and when it is probed.
#include "core/upstream/health.hpp"

#include "core/upstream/upstream_scene.hpp"

using namespace shadowcat::core;
using std::chrono::seconds;

TEST_CASE("thresholds count outcomes in a row") {
    HealthPolicy policy;
    policy.healthy_after = 2;
    policy.unhealthy_after = 3;
    HealthJudge judge(policy);
    CHECK_FALSE(judge.record(false));
    CHECK_FALSE(judge.record(false));
    CHECK_FALSE(judge.record(true));
    CHECK_FALSE(judge.record(false));
    CHECK_FALSE(judge.record(false));
    CHECK(judge.healthy());
    CHECK(judge.record(false));
    CHECK_FALSE(judge.healthy());
    CHECK_FALSE(judge.record(true));
    CHECK_FALSE(judge.record(false));
    CHECK_FALSE(judge.record(true));
    CHECK(judge.record(true));
    CHECK(judge.healthy());
}

TEST_CASE("probes come soon to an upstream that comes back, and on demand") {
    HealthPolicy policy;
    policy.unhealthy_after = 1;
    policy.healthy_after = 3;
    HealthJudge judge(policy);
    CHECK(judge.next(false) == policy.interval);
    CHECK(judge.next(true) == HealthJudge::kSoon);
    judge.record(false);
    CHECK(judge.next(false) == policy.interval);
    judge.record(true);
    CHECK(judge.next(false) == HealthJudge::kSoon);
    judge.record(true);
    judge.record(true);
    CHECK(judge.next(false) == policy.interval);
}

namespace {

/// What the test wants the checker to find.
class Findings {
public:
    bool good = true;
    bool hangs = false;
    int checks = 0;
    int inside = 0;
    sdk::Wakeup wakeup;
};

class FakeChecker final : public sdk::HealthChecker {
public:
    explicit FakeChecker(Findings& findings) : findings_(findings) {}

    sdk::awaitable<sdk::Result<void>> check(sdk::HealthTarget& target) override {
        ++findings_.checks;
        CHECK(++findings_.inside == 1);
        const sdk::Result<void> open = co_await target.ensure_open();
        if (findings_.hangs) co_await findings_.wakeup.wait();
        --findings_.inside;
        if (open.has_error()) co_return open;
        if (findings_.good) co_return sdk::Result<void>();
        co_return sdk::upstream_error(sdk::ErrorCode::protocol, "it is not well");
    }

private:
    Findings& findings_;
};

/// Probes follow one another as fast as the clock allows.
class Watched : public UpstreamScene {
public:
    explicit Watched(sdk::Duration timeout = seconds(5),
                     sdk::Duration interval = std::chrono::milliseconds(1),
                     const UpstreamSettings& how = quick())
        : UpstreamScene(how) {
        HealthPolicy policy;
        policy.interval = interval;
        policy.timeout = timeout;
        schedule = std::make_unique<HealthSchedule>(
            *workers[0], upstream(), std::make_unique<FakeChecker>(findings), policy, metrics);
    }
    ~Watched() { end(); }

    void start() { schedule->start(); }
    void end() {
        ended = false;
        spawn_logged(*workers[0], finish(*schedule, ended), "test.end");
        CHECK(poll_until([this] { return ended; }));
    }
    static sdk::awaitable<> finish(HealthSchedule& schedule, bool& ended) {
        co_await schedule.stop();
        ended = true;
    }
    bool healthy() const { return state->healthy; }

    Findings findings;
    std::unique_ptr<HealthSchedule> schedule;
    bool ended = false;
};

}  // namespace

TEST_CASE("an upstream whose probes fail is left out, with the reason, until they are good") {
    Watched scene;
    scene.findings.good = false;
    scene.start();
    CHECK(scene.poll_until([&] { return !scene.healthy(); }));
    CHECK(scene.findings.checks >= 3);
    const UpstreamStatus status = scene.state->status();
    CHECK(status.condition == UpstreamCondition::unhealthy);
    CHECK(status.last_error == "it is not well");
    CHECK(scene.metric("shadowcat_upstream_healthy") == 0);
    CHECK(scene.state->links.used() == 0);  // probes take no session's place
    scene.findings.good = true;
    CHECK(scene.poll_until([&] { return scene.healthy(); }));
    CHECK(scene.metric("shadowcat_upstream_healthy") == 1);
}

TEST_CASE("a checker that hangs has failed, is not asked again meanwhile, and ends with the rest") {
    Watched scene(std::chrono::milliseconds(1));
    scene.findings.hangs = true;
    scene.start();
    CHECK(scene.poll_until([&] { return !scene.healthy(); }));
    CHECK(scene.findings.checks == 1);
    scene.findings.hangs = false;
    scene.findings.wakeup.notify();
    CHECK(scene.poll_until([&] { return scene.findings.checks > 1; }));
}

TEST_CASE("a checker that never ends doesn't keep the schedule from stopping") {
    Watched scene(std::chrono::milliseconds(1));
    scene.findings.hangs = true;
    scene.start();
    CHECK(scene.poll_until([&] { return scene.findings.inside == 1; }));
    scene.end();
    CHECK(scene.findings.inside == 1);
    scene.schedule.reset();
    scene.findings.wakeup.notify();  // touches nothing that has gone
    scene.poll();
    CHECK(scene.findings.inside == 0);
    scene.schedule = std::make_unique<HealthSchedule>(*scene.workers[0], scene.upstream(),
                                                      std::make_unique<FakeChecker>(scene.findings),
                                                      HealthPolicy(), scene.metrics);
}

TEST_CASE("a schedule may be stopped and started again; without one an upstream is healthy") {
    Watched scene;
    scene.findings.good = false;
    scene.start();
    CHECK(scene.poll_until([&] { return !scene.healthy(); }));
    scene.end();
    CHECK(scene.healthy());
    CHECK(scene.machine.running() == 0);
    CHECK(scene.metric("shadowcat_upstream_healthy") == 0);
    const int checks = scene.findings.checks;
    scene.start();
    CHECK(scene.poll_until([&] { return scene.findings.checks > checks; }));
}

TEST_CASE("a request that found nobody has the upstream probed before its time, and it may try") {
    UpstreamSettings settings = quick();
    settings.breaker.emplace();
    settings.breaker->failures = 1;
    Watched scene(seconds(5), seconds(3600), settings);
    scene.start();
    CHECK(scene.poll_until([&] { return scene.findings.checks == 1; }));
    scene.upstream().report(CallVerdict::failure);
    CHECK_FALSE(scene.upstream().accepts());
    scene.upstream().wish_for_probe();
    scene.upstream().wish_for_probe();
    CHECK(scene.poll_until(
        [&] { return scene.state->breaker.phase(sdk::Clock::now()) == BreakerPhase::half_open; }));
    CHECK(scene.findings.checks == 2);
}
