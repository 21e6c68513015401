// SPDX-License-Identifier: Apache-2.0
// sticky: who stays where, who moves, and how clients spread.
#include "sticky.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace shadowcat;
using pool::Sticky;
using sdk::Candidate;
using sdk::PickRequest;

namespace {

sdk::Json config(const std::string& key = "auto") {
    return sdk::Json{{"key", key}, {"hash_key", "a fixed key for tests"}};
}

using Group = std::vector<Candidate>;

const Group kFour = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}, {"d", 0, 0}};

std::string_view home(Sticky& strategy, const Group& group, int client) {
    const std::string session = "session-" + std::to_string(client);
    return group[strategy.pick(group, PickRequest(session, ""))].name;
}

std::map<std::string_view, int> spread(Sticky& strategy, const Group& group, int clients) {
    std::map<std::string_view, int> counts;
    for (int i = 0; i < clients; ++i)
        ++counts[home(strategy, group, i)];
    return counts;
}

}  // namespace

TEST_CASE("a client stays where it is, whatever the loads and whichever worker asks") {
    Sticky one(config()), other(config());
    const Group busy = {{"a", 900, 1}, {"b", 0, 0}, {"c", 7, 70}, {"d", 1, 1}};
    for (int client = 0; client < 200; ++client) {
        CHECK(home(one, kFour, client) == home(one, busy, client));
        CHECK(home(one, kFour, client) == home(other, kFour, client));
    }
}

TEST_CASE("without hash_key the workers of a process agree too") {
    const sdk::Json usual = {{"key", "auto"}};
    Sticky one(usual), other(usual);
    for (int client = 0; client < 200; ++client)
        CHECK(home(one, kFour, client) == home(other, kFour, client));
}

TEST_CASE("another hash_key sends clients elsewhere") {
    Sticky one(config()), other(sdk::Json{{"key", "auto"}, {"hash_key", "another"}});
    int same = 0;
    for (int client = 0; client < 1000; ++client)
        same += home(one, kFour, client) == home(other, kFour, client) ? 1 : 0;
    CHECK(same == doctest::Approx(250).epsilon(0.2));
}

TEST_CASE("clients spread evenly") {
    Sticky strategy(config());
    for (const auto& [name, clients] : spread(strategy, kFour, 8000))
        CHECK(clients == doctest::Approx(2000).epsilon(0.1));
}

TEST_CASE("clients spread by weight") {
    Sticky strategy(config());
    const Group group = {{"a", 0, 0, 5}, {"b", 0, 0, 2}, {"c", 0, 0, 1}};
    auto clients = spread(strategy, group, 8000);
    CHECK(clients["a"] == doctest::Approx(5000).epsilon(0.1));
    CHECK(clients["b"] == doctest::Approx(2000).epsilon(0.1));
    CHECK(clients["c"] == doctest::Approx(1000).epsilon(0.1));
}

TEST_CASE("one that goes moves its own clients only, and over all the others") {
    Sticky strategy(config());
    const Group without_b = {kFour[0], kFour[2], kFour[3]};
    std::map<std::string_view, int> moved;
    for (int client = 0; client < 6000; ++client) {
        const auto before = home(strategy, kFour, client);
        const auto after = home(strategy, without_b, client);
        if (before == "b") {
            ++moved[after];
        } else {
            CHECK(after == before);
        }
    }
    for (const auto* name : {"a", "c", "d"})
        CHECK(moved[name] == doctest::Approx(500).epsilon(0.15));
}

TEST_CASE("one that comes, or becomes heavier, takes clients and moves no others") {
    Sticky strategy(config());
    Group more = kFour, heavier = kFour;
    more.emplace_back("e", 0, 0);
    heavier[2].weight = 3;
    for (int client = 0; client < 3000; ++client) {
        const auto before = home(strategy, kFour, client);
        const auto grown = home(strategy, more, client);
        CHECK((grown == before || grown == "e"));
        const auto shifted = home(strategy, heavier, client);
        CHECK((shifted == before || shifted == "c"));
    }
}

TEST_CASE("auto keeps a principal's sessions together, and goes by session without one") {
    Sticky strategy(config());
    Sticky by_session(config("session"));
    for (int client = 0; client < 100; ++client) {
        const std::string session = "session-" + std::to_string(client);
        CHECK(strategy.pick(kFour, PickRequest(session, "alice")) ==
              strategy.pick(kFour, PickRequest("first", "alice")));
        CHECK(strategy.pick(kFour, PickRequest(session, "")) ==
              by_session.pick(kFour, PickRequest(session, "alice")));
    }
}

TEST_CASE("key: session parts the sessions of a principal") {
    Sticky strategy(config("session"));
    std::map<std::size_t, int> counts;
    for (int client = 0; client < 400; ++client)
        ++counts[strategy.pick(kFour, PickRequest("session-" + std::to_string(client), "alice"))];
    CHECK(counts.size() == 4);
}

TEST_CASE("who has no key is spread, not sent to one upstream") {
    Sticky strategy(config("principal"));
    std::map<std::size_t, int> counts;
    for (int i = 0; i < 4000; ++i)
        ++counts[strategy.pick(kFour, PickRequest("always the same", ""))];
    for (const auto& [index, count] : counts)
        CHECK(count == doctest::Approx(1000).epsilon(0.15));
    CHECK(counts.size() == 4);
}

TEST_CASE("a principal and a session that are spelled alike are two clients") {
    Sticky by_principal(config("principal")), by_session(config("session"));
    int same = 0;
    for (int client = 0; client < 1000; ++client) {
        const std::string name = "client-" + std::to_string(client);
        same += by_principal.pick(kFour, PickRequest("", name)) ==
                        by_session.pick(kFour, PickRequest(name, ""))
                    ? 1
                    : 0;
    }
    CHECK(same == doctest::Approx(250).epsilon(0.2));
}
