// SPDX-License-Identifier: Apache-2.0
// When an upstream counts as healthy.
#include "core/upstream/health.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

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
