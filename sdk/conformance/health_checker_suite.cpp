// SPDX-License-Identifier: Apache-2.0
// Contract of health checkers: right about an upstream that works and about one that is gone.
#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "footprint.hpp"
#include "stage.hpp"
#include "subject.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

/// An upstream that works or is gone.
class Target final : public sdk::HealthTarget {
public:
    sdk::awaitable<sdk::Result<sdk::Message>> ask(sdk::Message request) override {
        CHECK(request.is_request());
        if (!works) co_return gone();
        co_return sdk::make_result(request.id(), "{}");
    }
    std::size_t crashes_since_last_check() override { return std::exchange(crashes, 0); }
    sdk::awaitable<sdk::Result<void>> ensure_open() override {
        if (!works) co_return gone();
        co_return sdk::Result<void>();
    }
    void die() {
        works = false;
        crashes = 2;
    }

    bool works = true;
    std::size_t crashes = 0;

private:
    static sdk::Error gone() {
        return sdk::upstream_error(sdk::ErrorCode::unreachable, "the upstream is gone");
    }
};

/// A checker that has ways of its own to the upstream doesn't see the target die: where the
/// contract file says how nobody is reached (`unreachable`), a second checker looks there instead.
class Probe {
public:
    sdk::Result<void> check() {
        sdk::HealthChecker& checker = !target.works && elsewhere_ ? *elsewhere_ : *checker_;
        return stage_.get(checker.check(target), "check");
    }
    Target target;

private:
    std::unique_ptr<sdk::HealthChecker> make(const sdk::Json& config) {
        const sdk::HealthContext context(stage_.worker(), "contract", "contract",
                                         std::chrono::seconds(5));
        return subject().make<sdk::HealthChecker>(config, context);
    }

    Stage stage_;
    std::unique_ptr<sdk::HealthChecker> checker_ = make(subject().config());
    std::unique_ptr<sdk::HealthChecker> elsewhere_ =
        subject().plan().unreachable.empty() ? nullptr : make(subject().unreachable_config());
};

}  // namespace

TEST_SUITE("health_checker") {
    TEST_CASE("an upstream that works is healthy, time and again") {
        Probe probe;
        for (int i = 0; i < 3; ++i)
            CHECK(probe.check().has_value());
    }

    TEST_CASE("an upstream that is gone is unhealthy, for a reason that is said") {
        Probe probe;
        probe.target.die();
        const auto verdict = probe.check();
        REQUIRE(verdict.has_error());
        CHECK_FALSE(verdict.error().message().empty());
    }

    TEST_CASE("an upstream that came back is healthy at once: patience is the core's") {
        Probe probe;
        probe.target.die();
        CHECK(probe.check().has_error());
        probe.target.works = true;
        CHECK(probe.check().has_value());
    }

    TEST_CASE("probes leave no descriptor and no process behind") {
        const Footprint before = Footprint::now();
        {
            Probe probe;
            for (int i = 0; i < 3; ++i)
                probe.check();
            probe.target.die();
            probe.check();
        }
        CHECK(Footprint::now().beyond(before) == "");
    }
}
