// SPDX-License-Identifier: Apache-2.0
// Courier: delivers one payload after the other to a collector and keeps the books about it.
#pragma once

#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "backoff.hpp"
#include "http_client.hpp"
#include "standing.hpp"
#include "verdict.hpp"

#include <string>
#include <string_view>

namespace shadowcat::otlp {

/// On one worker, one delivery at a time.
class Courier {
public:
    /// `signal` is `metrics` or `traces`, a literal. References outlive the courier.
    Courier(sdk::Worker& worker, const ExporterOptions& options, std::string_view signal,
            sdk::Metrics& metrics);

    /// One attempt, bounded by `timeout_secs`. `pause()` says how long to wait after `later`.
    sdk::awaitable<Verdict> deliver(std::string_view body);

    sdk::Duration pause() const noexcept { return pause_; }

    /// From now on nothing lasts beyond `deadline`.
    void hurry(sdk::TimePoint deadline);
    bool has_time() const { return sdk::Clock::now() < end_; }

    /// Closes the connection.
    void close() { client_.close(); }

    Standing::State state() const noexcept { return standing_.state(); }

private:
    void count(const Verdict& verdict);

    const ExporterOptions& options_;
    std::string path_;
    HttpClient client_;
    Backoff backoff_;
    Standing standing_;
    sdk::Counter &accepted_, &refused_, &failed_;
    sdk::Duration pause_{};
    sdk::TimePoint end_ = sdk::TimePoint::max();
};

}  // namespace shadowcat::otlp
