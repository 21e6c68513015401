// SPDX-License-Identifier: Apache-2.0
// HttpHealth: the health checker `http_get`: an upstream is healthy when a GET gets an expected
// status.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"

#include "upstream_connection.hpp"

#include <string>
#include <utility>
#include <vector>

namespace shadowcat::http {

/// Which statuses are good: `["200-299", "404"]`.
class StatusRanges {
public:
    /// Throws `std::runtime_error` for what is no status or range.
    explicit StatusRanges(const std::vector<std::string>& texts);

    bool has(int status) const noexcept;

    /// As written: `200-299, 404`.
    const std::string& text() const noexcept { return text_; }

private:
    std::vector<std::pair<int, int>> ranges_;
    std::string text_;
};

/// Connects anew for every probe, so that connecting is probed too. Follows no redirect.
class HttpHealth final : public HealthChecker {
public:
    static Schema schema();

    /// `config` passed `schema`. Throws `std::runtime_error` with a message for the operator.
    HttpHealth(const Json& config, const HealthContext& context);

    awaitable<Result<void>> check(HealthTarget& target) override;

private:
    awaitable<Result<void>> get(UpstreamConnection& connection);
    Result<void> judge(int status) const;

    Worker& worker_;
    Duration timeout_;
    UpstreamTarget target_;
    StatusRanges expected_;
};

}  // namespace shadowcat::http
