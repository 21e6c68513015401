// SPDX-License-Identifier: Apache-2.0
// Breakpoints: what ends a wait, and what does not.
#include "breakpoints/breakpoints.hpp"

#include "shadowcat/sdk/log.hpp"

#include "breakpoints/breakpoint_scene.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <thread>

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;

TEST_CASE("a message waits until it is resumed, as it was") {
    Scene scene;
    Traveller call(kCall);
    scene.start(call);
    CHECK(call.fate() == "waits");
    CHECK(scene.ask("intercept.resume", {{"id", 1}}) == std::vector<sdk::Json>{{{"count", 1}}});
    scene.worker.poll();
    CHECK(call.fate() == "pass");
    CHECK(call.message.bytes() == kCall);
    CHECK(scene.ask("intercept.list").empty());
}

TEST_CASE("a dropped message goes no further") {
    Scene scene;
    Traveller call(kCall);
    scene.start(call);
    scene.ask("intercept.drop", {{"id", "1"}});
    scene.worker.poll();
    CHECK(call.fate() == "drop");
}

TEST_CASE("what is edited goes on edited, and only once it is resumed") {
    Scene scene;
    Traveller call(kCall);
    scene.start(call);
    const std::string other = R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}})";
    scene.ask("intercept.edit", {{"id", 1}, {"message", other}});
    scene.worker.poll();
    CHECK(call.fate() == "waits");
    scene.ask("intercept.resume", {{"id", "all"}});
    scene.worker.poll();
    CHECK(call.fate() == "pass");
    CHECK(call.message.bytes() == other);
}

TEST_CASE("a deadline ends a wait as its rule says") {
    Scene scene;
    Traveller resumed(kCall), dropped(kCall);
    resumed.settings.deadline = dropped.settings.deadline = std::chrono::milliseconds(1);
    dropped.settings.at_deadline = PauseSettings::AtDeadline::drop;
    scene.start(resumed);
    scene.start(dropped);
    scene.worker.run();  // until nothing waits any more
    CHECK(resumed.fate() == "pass");
    CHECK(dropped.fate() == "drop");
}

TEST_CASE("nothing is kept for a client that has gone") {
    Scene scene;
    Traveller call(kCall);
    scene.start(call);
    call.cancellation.request(sdk::Error(sdk::ErrorCode::cancelled, "gone"));
    scene.worker.run();
    CHECK(call.fate() == "pass");
    CHECK(scene.ask("intercept.list").empty());
}

TEST_CASE("there is a bound to what waits; what is beyond it passes") {
    Scene scene;
    Traveller first(kCall), second(kCall), third(kCall);
    for (Traveller* each : {&first, &second, &third})
        scene.start(*each);
    CHECK(first.fate() == "waits");
    CHECK(second.fate() == "waits");
    CHECK(third.fate() == "pass");
    scene.ask("intercept.resume", {{"id", "all"}});
    scene.worker.run();
    CHECK(second.fate() == "pass");
}

TEST_CASE("at the end of the rules everything of theirs goes on, also what comes later") {
    Scene scene;
    const auto others = Breakpoints::create(scene.host, 2);
    Traveller ours(kCall), theirs(kCall), late(kCall);
    scene.start(ours);
    spawn_logged(scene.worker, theirs.travel(others, scene.worker), "travel");
    scene.worker.poll();
    CHECK(scene.ask("intercept.list").size() == 2);
    scene.breakpoints->release_all(scene.worker);
    scene.worker.poll();
    CHECK(ours.fate() == "pass");
    CHECK(theirs.fate() == "waits");
    scene.start(late);
    CHECK(late.fate() == "pass");
    others->release_all(scene.worker);
    scene.worker.run();
    CHECK(theirs.fate() == "pass");
}

TEST_CASE("the rules of before and after a reload are served alike, by numbers used once") {
    Scene scene;
    Traveller before(kCall), after(kCall);
    scene.start(before);
    const auto renewed = Breakpoints::create(scene.host, 2);
    scene.breakpoints->release_all(scene.worker);
    scene.worker.poll();
    scene.breakpoints = renewed;
    scene.start(after);
    REQUIRE(scene.ask("intercept.list").size() == 1);
    CHECK(scene.ask("intercept.list").front().at("id") == 2);
    CHECK(error_in(scene.ask("intercept.show", {{"id", 1}})) == "no message 1 is paused any more");
    scene.ask("intercept.drop", {{"id", 2}});
    scene.worker.run();
    CHECK(after.fate() == "drop");
}

TEST_CASE("commands are there as long as somebody may pause messages") {
    Host host;
    auto first = Breakpoints::create(host, 1);
    auto second = Breakpoints::create(host, 1);
    CHECK(host.handlers.size() == 6);
    first.reset();
    CHECK(host.handlers.size() == 6);
    second.reset();
    CHECK(host.handlers.empty());
}

TEST_CASE("messages of other workers are woken there") {
    Scene scene;
    sdk::Worker other(1);
    sdk::asio::executor_work_guard<sdk::Executor> guard(other.executor());
    std::promise<void> waits, over;
    std::thread thread([&] { other.run(); });
    Traveller call(kCall);
    spawn_on(
        other, [&] { return call.travel(scene.breakpoints, other); }, "travel");
    sdk::asio::post(other.context(), [&] { waits.set_value(); });
    waits.get_future().wait();
    CHECK(scene.ask("intercept.drop", {{"id", 1}}) == std::vector<sdk::Json>{{{"count", 1}}});
    guard.reset();
    thread.join();  // it returns once nothing waits there any more
    CHECK(call.fate() == "drop");
}

TEST_CASE("many messages of two workers, dropped while they come: none is forgotten") {
    Scene scene;
    scene.breakpoints = Breakpoints::create(scene.host, 10'000);
    sdk::log::configure(sdk::log::Level::warn, sdk::log::Format::text);
    sdk::Worker other(1);
    constexpr int kMany = 500;
    std::vector<std::unique_ptr<Traveller>> calls;
    for (int i = 0; i < kMany; ++i) {
        calls.push_back(std::make_unique<Traveller>(kCall));
        Traveller& call = *calls.back();
        spawn_on(
            other, [&] { return call.travel(scene.breakpoints, other); }, "travel");
    }
    std::thread thread([&] { other.run(); });
    for (std::size_t dropped = 0; dropped < kMany;) {
        const auto answer = scene.ask("intercept.drop", {{"id", "all"}});
        REQUIRE(answer.size() == 1);
        dropped += answer.front().at("count").get<std::size_t>();
    }
    thread.join();
    const auto waits = [](const auto& call) { return call->fate() != "drop"; };
    CHECK(std::ranges::none_of(calls, waits));
    sdk::log::configure(sdk::log::Level::info, sdk::log::Format::text);
}
