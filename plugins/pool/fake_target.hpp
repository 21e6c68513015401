// SPDX-License-Identifier: Apache-2.0
// For tests: an upstream with prepared answers, and one probe of it.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shadowcat::pool {

class FakeTarget final : public sdk::HealthTarget {
public:
    sdk::awaitable<sdk::Result<sdk::Message>> ask(sdk::Message request) override {
        asked.push_back(request.bytes());
        co_return answer;
    }
    std::size_t crashes_since_last_check() override { return std::exchange(crashes, 0); }
    sdk::awaitable<sdk::Result<void>> ensure_open() override {
        ++opened;
        co_return open;
    }

    sdk::Result<sdk::Message> answer = sdk::Error();
    sdk::Result<void> open;
    std::size_t crashes = 0;
    int opened = 0;
    std::vector<std::string> asked;
};

inline sdk::awaitable<> probe(sdk::HealthChecker& checker, FakeTarget& target,
                              std::optional<sdk::Result<void>>& outcome) {
    outcome = co_await checker.check(target);
}

/// What one probe of `target` says.
inline sdk::Result<void> check_once(sdk::HealthChecker& checker, FakeTarget& target) {
    sdk::Worker worker;
    std::optional<sdk::Result<void>> outcome;
    sdk::spawn_logged(worker, probe(checker, target, outcome), "test.probe");
    worker.run();
    return outcome.value();
}

}  // namespace shadowcat::pool
