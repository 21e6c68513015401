// SPDX-License-Identifier: Apache-2.0
// Files that change while messages pass: what is taken over, what stays, what is counted.
#include "rules/testing.hpp"

#include <thread>

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;
using namespace std::chrono_literals;

namespace {

sdk::awaitable<> ask_rules(FakeHost& host, FakePeer& peer) {
    const auto handler = host.handlers.at("intercept.rules");
    sdk::Json request = sdk::Json::object();
    const sdk::Result<void> done = co_await handler(std::move(request), peer);
    CHECK(done.has_value());
}

std::vector<sdk::Json> listed(Scene& scene) {
    FakePeer peer;
    sdk::spawn_logged(scene.worker, ask_rules(scene.host, peer), "test.ask");
    scene.worker.context().restart();
    scene.worker.run();
    return peer.lines;
}

std::string name_set_to(const std::string& name) {
    return one_rule("{}", "[set: {/params/name: " + name + "}]");
}

}  // namespace

TEST_CASE("a changed file is in force with the next message") {
    Scene scene(name_set_to("old"));
    CHECK(scene.pass(kCall).message.name() == "old");
    scene.file.write(name_set_to("new"));
    CHECK(scene.pass(kCall).message.name() == "old");
    CHECK(scene.shared->book->reload().value());
    CHECK(scene.pass(kCall).message.name() == "new");
    CHECK_FALSE(scene.shared->book->reload().value());  // nothing has changed since
}

TEST_CASE("a bad file changes nothing, and is told of once") {
    Scene scene(name_set_to("old"));
    scene.file.write("rules:\n- name: r\n  do: [explode]\n");
    const auto refused = scene.shared->book->reload();
    CHECK(refused.error().message() ==
          scene.file.path() + ":3:8: rules[0].do[0]: expected one of drop, break, log");
    CHECK_FALSE(scene.shared->book->reload().value());
    CHECK(scene.pass(kCall).message.name() == "old");
    scene.file.write(name_set_to("new"));
    CHECK(scene.shared->book->reload().value());
    CHECK(scene.pass(kCall).message.name() == "new");
}

TEST_CASE("an emptied or vanished file changes nothing") {
    Scene scene(name_set_to("old"));
    scene.file.write("");
    CHECK(scene.shared->book->reload().has_error());
    std::filesystem::remove(scene.file.path());
    CHECK(scene.shared->book->reload().error().message().ends_with("No such file or directory"));
    CHECK(scene.pass(kCall).message.name() == "old");
    scene.file.write("rules: []");
    CHECK(scene.shared->book->reload().value());
    CHECK(scene.pass(kCall).message.name() == "echo");
}

TEST_CASE("counters go on for rules of the same name, progress for the same rule") {
    const auto rules = [](const std::string& kept, const std::string& changed) {
        return "rules:\n- {name: kept, match: {times: 2}, do: [" + kept + "]}\n- {name: changed, " +
               "match: {times: 2}, do: [" + changed + "]}\n";
    };
    Scene scene(rules("log: {level: debug}", "log: {level: debug}"));
    for (int i = 0; i < 3; ++i)
        scene.pass(kCall);
    scene.file.write("# edited\n" + rules("log: {level: debug}", "set: {/params/x: 1}"));
    REQUIRE(scene.shared->book->reload().value());
    for (int i = 0; i < 3; ++i)
        scene.pass(kCall);
    CHECK(scene.counted("kept")["matches"] == 2);
    CHECK(scene.counted("changed")["matches"] == 4);
    CHECK(scene.counted("changed")["actions"]["set"]["applied"] == 2);
}

TEST_CASE("a message that waits finishes with the rules that it began with") {
    Scene scene(one_rule("{}", "[delay: {ms: 600000}, set: {/params/name: old}]"));
    const auto passed = scene.start(kCall);
    scene.worker.poll();
    scene.file.write("rules: []");
    REQUIRE(scene.shared->book->reload().value());
    CHECK(scene.start(kNotification)->done() == false);
    scene.interceptor->stop();
    scene.worker.context().restart();
    scene.worker.run();
    CHECK(passed->message.name() == "old");
}

TEST_CASE("the verb lists the rules with what they did") {
    Scene scene("rules: [{name: a, do: [drop]}, {name: b, enabled: false, do: [break]}]");
    scene.pass(kCall);
    const std::vector<sdk::Json> lines = listed(scene);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == sdk::Json::parse(R"({"rule":"a","enabled":true,"matches":1,"applied":1,
        "failed":0,"actions":{"drop":{"applied":1,"failed":0}}})"));
    CHECK(lines[1]["rule"] == "b");
    CHECK(lines[1]["enabled"] == false);
    CHECK(lines[1]["matches"] == 0);
}

TEST_CASE("metrics don't grow with every name that ever stood in the file") {
    Scene scene("rules: [{name: n0, do: [drop]}]", {{"max_rules", 1}});
    for (int i = 1; i < 10; ++i) {
        scene.file.write("rules: [{name: n" + std::to_string(i) + ", do: [drop]}]");
        REQUIRE(scene.shared->book->reload().value());
        scene.pass(kCall);
    }
    std::size_t series = 0;
    for (const sdk::MetricFamily& family : scene.metrics.snapshot())
        if (family.name == "shadowcat_rule_matches_total") series = family.samples.size();
    CHECK(series == 5);  // four names, and the others
    CHECK(scene.counted("n9")["matches"] == 1);
}

TEST_CASE("the file is looked at while the worker runs, and only then") {
    Scene scene(name_set_to("old"), {{"reload", true}, {"check_interval_ms", 50}});
    scene.file.write(name_set_to("new"));
    CHECK(scene.shared->book->generation() == 1);
    const sdk::TimePoint limit = sdk::Clock::now() + 20s;
    auto keep_running = sdk::asio::make_work_guard(scene.worker.context());
    while (scene.shared->book->generation() == 1 && sdk::Clock::now() < limit)
        scene.worker.context().run_for(20ms);
    keep_running.reset();
    CHECK(scene.pass(kCall).message.name() == "new");
}
