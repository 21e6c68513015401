// SPDX-License-Identifier: Apache-2.0
// Messages that wait: how long, in what order, and what lets them go.
#include "rules/testing.hpp"
#include "rules/token_bucket.hpp"

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;
using namespace std::chrono_literals;

namespace {

/// Runs the scene's worker until `done`; false when ten seconds weren't enough.
template <class Done>
bool run_until(Scene& scene, Done done) {
    const sdk::TimePoint limit = sdk::Clock::now() + 10s;
    scene.worker.context().restart();
    while (!done()) {
        if (sdk::Clock::now() > limit) return false;
        scene.worker.context().run_one_for(20ms);
        if (scene.worker.context().stopped()) scene.worker.context().restart();
    }
    return true;
}

}  // namespace

TEST_CASE("a bucket lets a burst through and then keeps the rate, in the order of coming") {
    TokenBucket bucket(10, 2, 1s);
    const sdk::TimePoint start{};
    CHECK(bucket.take(1, start) == 0s);
    CHECK(bucket.take(1, start) == 0s);
    CHECK(bucket.take(1, start) == 100ms);
    CHECK(bucket.take(1, start + 50ms) == 150ms);
    CHECK(bucket.take(1, start + 10s) == 0s);  // full again, but not fuller
    CHECK(bucket.take(1, start + 10s) == 0s);
    CHECK(bucket.take(1, start + 10s) == 100ms);
}

TEST_CASE("a bucket makes nobody wait longer than allowed, and takes nothing then") {
    TokenBucket bucket(100, 100, 1s);
    const sdk::TimePoint start{};
    CHECK(bucket.take(200, start) == 1s);
    CHECK_FALSE(bucket.take(1, start).has_value());
    CHECK(bucket.take(1, start + 1s) == 10ms);
    CHECK_FALSE(bucket.take(1000, start + 5s).has_value());
    CHECK(bucket.take(100, start + 5s) == 0s);
}

TEST_CASE("time that seems to run backwards changes nothing") {
    TokenBucket bucket(10, 1, 1s);
    const sdk::TimePoint start = sdk::TimePoint{} + 1s;
    CHECK(bucket.take(1, start) == 0s);
    CHECK(bucket.take(1, start - 500ms) == 100ms);
}

TEST_CASE("delay holds a message back for at least its time") {
    Scene scene(one_rule("{}", "[delay: {ms: 30}]"));
    const sdk::TimePoint start = sdk::Clock::now();
    CHECK(scene.pass(kCall).text() == "pass: " + kCall);
    CHECK(sdk::Clock::now() - start >= 30ms);
    CHECK(scene.counted("r")["applied"] == 1);
}

TEST_CASE("delay between two bounds stays between them and varies") {
    Scene scene(one_rule("{}", "[delay: {min_ms: 5, max_ms: 6}]"));
    for (int i = 0; i < 3; ++i) {
        const sdk::TimePoint start = sdk::Clock::now();
        scene.pass(kCall);
        CHECK(sdk::Clock::now() - start >= 5ms);
    }
}

TEST_CASE("others go on while one waits") {
    Scene scene(one_rule("{kind: request}", "[delay: {ms: 600000}]"));
    const auto slow = scene.start(kCall);
    const auto quick = scene.start(kNotification);
    CHECK(run_until(scene, [&] { return quick->done(); }));
    CHECK_FALSE(slow->done());
    scene.interceptor->stop();
    CHECK(run_until(scene, [&] { return slow->done(); }));
}

TEST_CASE("who withdraws a delayed request isn't kept waiting, and later actions are left out") {
    Scene scene(one_rule("{}", "[delay: {ms: 600000}, set: {/params/name: x}]"));
    sdk::Cancellation cancellation;
    bool asked = false;
    cancellation.on_request([&] { asked = true; });
    const sdk::Message call = sdk::Message::parse(kCall).value();
    sdk::MessageContext context = Scene::usual(call);
    context.cancellation = &cancellation;
    const auto passed = scene.start(kCall, context);
    scene.worker.poll();
    CHECK_FALSE(passed->done());
    cancellation.request(sdk::downstream_error(sdk::ErrorCode::cancelled, "withdrawn"));
    CHECK(asked);  // the callback of the exchange is still there
    CHECK(run_until(scene, [&] { return passed->done(); }));
    CHECK(passed->text() == "pass: " + kCall);
}

TEST_CASE("stop lets everything go that waits, and whatever comes later at once") {
    Scene scene(one_rule("{}", "[delay: {ms: 600000}, set: {/params/name: x}]"));
    const auto first = scene.start(kCall);
    scene.worker.poll();
    CHECK_FALSE(first->done());
    scene.interceptor->stop();
    CHECK(scene.breakpoints->released == 1);
    CHECK(run_until(scene, [&] { return first->done(); }));
    CHECK(first->message.name() == "x");
    CHECK(scene.pass(kCall).message.name() == "x");
}

TEST_CASE("more than max_waiting messages don't wait") {
    Scene scene(one_rule("{}", "[delay: {ms: 600000}]"), {{"max_waiting", 2}});
    const auto first = scene.start(kCall);
    const auto second = scene.start(kCall);
    const auto third = scene.start(kCall);
    CHECK(run_until(scene, [&] { return third->done(); }));
    CHECK_FALSE(first->done());
    CHECK_FALSE(second->done());
    CHECK(scene.counted("r")["failed"] == 1);
    scene.interceptor->stop();
    CHECK(run_until(scene, [&] { return first->done() && second->done(); }));
}

TEST_CASE("throttle keeps a rate over all messages of the rule, in their order") {
    Scene scene(one_rule("{}", "[throttle: {messages_per_second: 50, burst: 2}]"));
    const sdk::TimePoint start = sdk::Clock::now();
    std::vector<std::shared_ptr<Passed>> all;
    for (int i = 0; i < 5; ++i)
        all.push_back(scene.start(kCall));
    CHECK(run_until(scene, [&] {
        for (std::size_t i = 1; i < all.size(); ++i)
            CHECK((all[i - 1]->done() || !all[i]->done()));
        return all.back()->done();
    }));
    CHECK(sdk::Clock::now() - start >= 60ms);
    CHECK(scene.counted("r")["applied"] == 5);
}

TEST_CASE("throttle counts bytes, and gives up after max_wait_secs") {
    Scene scene(one_rule("{}", "[throttle: {bytes_per_second: 1, max_wait_secs: 0}]"));
    CHECK(scene.pass(kCall).text() == "pass: " + kCall);
    CHECK(scene.counted("r")["failed"] == 1);
    Scene wide(one_rule("{}", "[throttle: {bytes_per_second: 1000000, max_wait_secs: 0}]"));
    CHECK(wide.pass(kCall).text() == "pass: " + kCall);
    CHECK(wide.counted("r")["failed"] == 0);
}
