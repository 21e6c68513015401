// SPDX-License-Identifier: Apache-2.0
// Addresses without a look-up, names with one, and leaving before it has ended.
#include "name_lookup.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/run_until.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace shadowcat;
using namespace shadowcat::otlp;
using namespace shadowcat::otlp::testing;

namespace {

class LookupScene {
public:
    LookupScene() : lookup(std::make_shared<NameLookup>(worker.executor())) {}

    void begin(const std::string& host) {
        sdk::spawn_logged(worker, resolve(host), "test.resolve");
        worker.poll();
    }

    sdk::Worker worker;
    std::shared_ptr<NameLookup> lookup;
    std::optional<sdk::error_code> outcome;

private:
    sdk::awaitable<> resolve(std::string host) {
        const auto held = lookup;
        outcome = co_await held->resolve(std::move(host), 4318);
    }
};

}  // namespace

TEST_CASE("an address is its own answer") {
    LookupScene scene;
    scene.begin("::1");
    REQUIRE(scene.outcome.has_value());
    CHECK_FALSE(*scene.outcome);
    REQUIRE(scene.lookup->endpoints().size() == 1);
    CHECK(scene.lookup->endpoints()[0].port() == 4318);
}

TEST_CASE("a name is resolved") {
    LookupScene scene;
    scene.begin("localhost");
    REQUIRE(run_until(scene.worker, [&] { return scene.outcome.has_value(); }));
    CHECK_FALSE(*scene.outcome);
    CHECK_FALSE(scene.lookup->endpoints().empty());
}

TEST_CASE("who leaves does not wait for the resolver, whose answer is dropped") {
    LookupScene scene;
    scene.begin("no-such-host.invalid");
    REQUIRE_FALSE(scene.outcome.has_value());
    scene.lookup->abandon();
    REQUIRE(scene.outcome.has_value());
    CHECK(*scene.outcome == boost::asio::error::operation_aborted);
    const std::weak_ptr<NameLookup> remains = std::exchange(scene.lookup, nullptr);
    CHECK(run_until(scene.worker, [&] { return remains.expired(); }));
}
