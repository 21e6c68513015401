// SPDX-License-Identifier: Apache-2.0
// What a changed configuration means for what runs.
#include "core/reload/reload_plan.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::core;

namespace {

UpstreamConfig upstream(const std::string& name, const std::string& url) {
    UpstreamConfig config;
    config.name = name;
    config.connector = PartConfig("http", sdk::Json{{"url", url}});
    return config;
}

Config base() {
    Config config;
    config.listener = PartConfig("http", sdk::Json{{"bind_address", "127.0.0.1:1"}});
    config.upstreams = {upstream("a", "http://a"), upstream("b", "http://b")};
    return config;
}

using enum UpstreamChange;

}  // namespace

TEST_CASE("nothing changed, nothing happens") {
    const ReloadPlan plan = plan_reload(base(), base(), 2);
    CHECK(plan.refused.empty());
    CHECK(plan.upstreams == std::vector{keep, keep});
    CHECK(plan.text(base()) == "no change");
}

TEST_CASE("one upstream's change leaves the others alone") {
    Config next = base();
    next.upstreams[1].connector.options["url"] = "http://elsewhere";
    const ReloadPlan plan = plan_reload(base(), next, 2);
    CHECK(plan.upstreams == std::vector{keep, replace});
    CHECK(plan.text(next) == "upstreams 1 opened anew (b)");
}

TEST_CASE("upstreams come, go and change places") {
    Config next = base();
    next.upstreams = {upstream("c", "http://c"), upstream("a", "http://a")};
    const ReloadPlan plan = plan_reload(base(), next, 2);
    CHECK(plan.upstreams == std::vector{replace, keep});
    CHECK(plan.removed == std::vector<std::string>{"b"});
}

TEST_CASE("capacity, guards and health are retuned in place") {
    Config next = base();
    next.upstreams[0].settings.pool.max_links = 7;
    next.upstreams[1].health.emplace();
    CHECK(plan_reload(base(), next, 2).upstreams == std::vector{retune, retune});
}

TEST_CASE("another isolation is another upstream") {
    Config next = base();
    next.upstreams[0].settings.isolation = Isolation::shared;
    CHECK(plan_reload(base(), next, 1).upstreams == std::vector{replace, keep});
}

TEST_CASE("limits that links are opened with open all links anew") {
    Config next = base();
    next.session.message.max_bytes = 4096;
    CHECK(plan_reload(base(), next, 2).upstreams == std::vector{replace, replace});
}

TEST_CASE("what is fixed is refused by name, all of it") {
    Config next = base();
    next.workers = 5;
    next.plugins.load.emplace_back("more");
    next.admin.emplace("http", sdk::Json::object());
    next.control.socket = ControlConfig::Socket::automatic;
    CHECK(plan_reload(base(), next, 2).refused ==
          std::vector<std::string>{"plugins", "admin", "control", "workers"});
}

TEST_CASE("a shared upstream must have a place for every worker there is") {
    Config next = base();
    next.upstreams[0].settings.isolation = Isolation::shared;
    next.upstreams[0].settings.pool.max_links = 1;
    CHECK(plan_reload(base(), next, 2).refused.size() == 1);
    CHECK(plan_reload(base(), next, 1).refused.empty());
}
