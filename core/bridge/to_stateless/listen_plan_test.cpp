// SPDX-License-Identifier: Apache-2.0
// A session's listens as transcripts: what happens, and what is done about it.
#include "core/bridge/to_stateless/listen_plan.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

using Lines = std::vector<std::string>;
using std::chrono::seconds;

std::string line(const ListenAction& action) {
    switch (action.kind) {
        case ListenAction::Kind::open:
            return "open " + std::to_string(action.number) + " " + action.text;
        case ListenAction::Kind::end:
            return "end " + std::to_string(action.number);
        case ListenAction::Kind::settle:
            return "settle " + action.text + (action.failure.empty() ? " done" : " failed");
        case ListenAction::Kind::tell:
            return "tell " + action.text + (action.uri.empty() ? "" : " " + action.uri);
        case ListenAction::Kind::wait:
            return "wait " + std::to_string(action.delay.count());
    }
    return {};
}

Lines lines(const ListenPlan::Actions& actions) {
    Lines all;
    for (const ListenAction& each : actions)
        all.push_back(line(each));
    return all;
}

/// A plan under way: the server acknowledges what it is asked, and time passes.
class Scene {
public:
    explicit Scene(std::size_t max_uris = 10) : plan(max_uris) {}

    Lines ack(std::uint64_t number, std::string_view honoured) {
        return lines(plan.acknowledged(number, ChangeFilter::read(honoured), now));
    }
    Lines ended(std::uint64_t number, ListenEnd how = ListenEnd::failed) {
        return lines(plan.ended(number, how, now));
    }
    Lines subscribe(const std::string& uri) { return lines(plan.subscribe(uri)); }
    Lines unsubscribe(const std::string& uri) { return lines(plan.unsubscribe(uri)); }

    ListenPlan plan;
    sdk::TimePoint now{};
};

const std::string kTools = R"({"toolsListChanged":true})";
const std::string kA = R"({"resourceSubscriptions":["a://x"]})";
const std::string kAB = R"({"resourceSubscriptions":["a://x","b://x"]})";
constexpr const char* kUpdated = "notifications/resources/updated";

}  // namespace

TEST_CASE("filters are read and written as the protocol has them") {
    const std::string all =
        R"({"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true,)"
        R"("resourceSubscriptions":["a","b\"c"]})";
    CHECK(ChangeFilter::read(all).text() == all);
    CHECK(ChangeFilter::read(R"({"toolsListChanged":false})").empty());
    CHECK(ChangeFilter::read("7").empty());
    CHECK(ChangeFilter().text() == "{}");
}

TEST_CASE("nothing wanted, nothing opened") {
    Scene scene;
    CHECK(lines(scene.plan.want_lists(false, false, false)).empty());
    CHECK(scene.unsubscribe("a://x").empty());
}

TEST_CASE("the new listen is acknowledged before the old one is ended") {
    Scene scene;
    CHECK(lines(scene.plan.want_lists(true, false, false)) == Lines{"open 1 " + kTools});
    CHECK(scene.ack(1, kTools).empty());
    const std::string both = R"({"toolsListChanged":true,"resourceSubscriptions":["a://x"]})";
    CHECK(scene.subscribe("a://x") == Lines{"open 2 " + both});
    CHECK(scene.plan.delivers(1, "notifications/tools/list_changed", ""));
    CHECK_FALSE(scene.plan.delivers(2, "notifications/tools/list_changed", ""));
    CHECK(scene.ack(2, both) == Lines{"settle a://x done", "end 1"});
    CHECK_FALSE(scene.plan.delivers(1, "notifications/tools/list_changed", ""));
    CHECK(scene.plan.delivers(2, "notifications/tools/list_changed", ""));
    CHECK(scene.plan.delivers(2, kUpdated, "a://x"));
    CHECK(scene.plan.delivers(2, kUpdated, "a://x/part"));
    CHECK_FALSE(scene.plan.delivers(2, kUpdated, "b://x"));
    CHECK_FALSE(scene.plan.delivers(2, "notifications/message", ""));
    CHECK(scene.ended(1, ListenEnd::finished).empty());
}

TEST_CASE("subscriptions that come while a listen is being opened share the next one") {
    Scene scene;
    CHECK(scene.subscribe("a://x") == Lines{"open 1 " + kA});
    CHECK(scene.subscribe("b://x").empty());
    CHECK(scene.subscribe("c://x").empty());
    CHECK(scene.ack(1, kA) ==
          Lines{"settle a://x done",
                R"(open 2 {"resourceSubscriptions":["a://x","b://x","c://x"]})"});
}

TEST_CASE("a subscription that is there already is done at once") {
    Scene scene;
    scene.subscribe("a://x");
    scene.ack(1, kA);
    CHECK(scene.subscribe("a://x") == Lines{"settle a://x done"});
}

TEST_CASE("a resource that the acknowledgment leaves out fails, and is not asked for again") {
    Scene scene;
    scene.subscribe("a://x");
    scene.ack(1, kA);
    CHECK(scene.subscribe("b://x") == Lines{"open 2 " + kAB});
    CHECK(scene.ack(2, kA) == Lines{"settle b://x failed", "end 1"});
    CHECK(scene.plan.delivers(2, kUpdated, "a://x"));
    CHECK(scene.subscribe("b://x") == Lines{"open 3 " + kAB});
}

TEST_CASE("unsubscribing silences at once, and narrows or ends the listen") {
    Scene scene;
    scene.subscribe("a://x");
    scene.subscribe("b://x");
    scene.ack(1, kA);
    scene.ack(2, kAB);
    CHECK(scene.unsubscribe("b://x") == Lines{"open 3 " + kA});
    CHECK_FALSE(scene.plan.delivers(2, kUpdated, "b://x"));
    CHECK(scene.ack(3, kA) == Lines{"end 2"});
    CHECK(scene.unsubscribe("a://x") == Lines{"end 3"});
}

TEST_CASE("one who unsubscribes from what is being opened gets no more of it") {
    Scene scene;
    scene.subscribe("a://x");
    CHECK(scene.unsubscribe("a://x") == Lines{"settle a://x failed"});
    CHECK(scene.ack(1, kA) == Lines{"end 1"});
}

TEST_CASE("a listen that breaks is opened again, and all of it may have changed") {
    Scene scene;
    scene.plan.want_lists(true, true, true);
    const std::string lists =
        R"({"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true})";
    scene.ack(1, lists);
    scene.subscribe("a://x");
    const std::string all = lists.substr(0, lists.size() - 1) + "," + kA.substr(1);
    scene.ack(2, all);
    CHECK(scene.ended(2) == Lines{"wait 500"});
    CHECK_FALSE(scene.plan.delivers(2, kUpdated, "a://x"));
    CHECK(lines(scene.plan.resume()) == Lines{"open 3 " + all});
    CHECK(scene.ack(3, all) == Lines{"tell notifications/tools/list_changed",
                                     "tell notifications/prompts/list_changed",
                                     "tell notifications/resources/list_changed",
                                     std::string("tell ") + kUpdated + " a://x"});
}

TEST_CASE("only what is told of again, and was before, may have changed") {
    Scene scene;
    scene.subscribe("a://x");
    scene.ack(1, kA);
    scene.ended(1);
    CHECK(scene.subscribe("b://x") == Lines{"open 2 " + kAB});
    CHECK(scene.ack(2, R"({"resourceSubscriptions":["b://x"]})") == Lines{"settle b://x done"});
    CHECK(scene.plan.delivers(2, kUpdated, "b://x"));
}

TEST_CASE("a server that always breaks off is asked ever later, until it holds for a while") {
    Scene scene;
    scene.plan.want_lists(true, false, false);
    scene.ack(1, kTools);
    Lines waits;
    for (std::uint64_t number = 1; number <= 8; ++number) {
        for (const std::string& each : scene.ended(number, ListenEnd::finished))
            waits.push_back(each);
        scene.plan.resume();
        scene.ack(number + 1, kTools);
    }
    CHECK(waits == Lines{"wait 500", "wait 1000", "wait 2000", "wait 4000", "wait 8000",
                         "wait 16000", "wait 30000", "wait 30000"});
    scene.now += ListenPlan::kStable;
    CHECK(scene.ended(9) == Lines{"wait 500"});
}

TEST_CASE("a listen that fails to open fails who waits, and is tried again for the others") {
    Scene scene;
    CHECK(scene.subscribe("a://x") == Lines{"open 1 " + kA});
    CHECK(scene.ended(1) == Lines{"settle a://x failed"});
    CHECK(lines(scene.plan.resume()).empty());
    scene.plan.want_lists(true, false, false);
    CHECK(scene.ended(2) == Lines{"wait 500"});
    CHECK(lines(scene.plan.resume()) == Lines{"open 3 " + kTools});
}

TEST_CASE("a listen that fails to open leaves the one before it as it was") {
    Scene scene;
    scene.subscribe("a://x");
    scene.ack(1, kA);
    scene.subscribe("b://x");
    CHECK(scene.ended(2) == Lines{"settle b://x failed"});
    CHECK(scene.plan.delivers(1, kUpdated, "a://x"));
}

TEST_CASE("a server that won't listen is not asked again for the same") {
    Scene scene;
    scene.plan.want_lists(true, false, false);
    CHECK(scene.ended(1, ListenEnd::refused).empty());
    CHECK(lines(scene.plan.resume()).empty());
    CHECK(lines(scene.plan.want_lists(true, false, false)).empty());
    CHECK(scene.subscribe("a://x").size() == 1);
    CHECK(scene.ended(2, ListenEnd::refused) == Lines{"settle a://x failed"});
}

TEST_CASE("a server that honours nothing and says goodbye is left alone") {
    Scene scene;
    scene.plan.want_lists(true, false, false);
    CHECK(scene.ack(1, "{}").empty());
    CHECK(scene.ended(1, ListenEnd::finished).empty());
    CHECK(lines(scene.plan.resume()).empty());
    CHECK(scene.subscribe("a://x").size() == 1);
}

TEST_CASE("a server can't add to what it was asked") {
    Scene scene;
    scene.subscribe("a://x");
    scene.ack(1, R"({"toolsListChanged":true,"resourceSubscriptions":["a://x","b://x"]})");
    CHECK_FALSE(scene.plan.delivers(1, "notifications/tools/list_changed", ""));
    CHECK_FALSE(scene.plan.delivers(1, kUpdated, "b://x"));
}

TEST_CASE("subscriptions are limited") {
    Scene scene(1);
    scene.subscribe("a://x");
    CHECK(scene.subscribe("b://x") == Lines{"settle b://x failed"});
    CHECK(scene.subscribe("a://x").empty());
}

TEST_CASE("an acknowledgment or an end of a listen that is not known changes nothing") {
    Scene scene;
    CHECK(scene.ack(7, kTools).empty());
    CHECK(scene.ended(7).empty());
    scene.subscribe("a://x");
    scene.ack(1, kA);
    CHECK(scene.ack(1, kTools).empty());
    CHECK(scene.plan.delivers(1, kUpdated, "a://x"));
}
