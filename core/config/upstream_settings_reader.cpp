// SPDX-License-Identifier: Apache-2.0
// From validated JSON to settings.
#include "core/config/upstream_settings_reader.hpp"

namespace shadowcat::core {

namespace {

using sdk::Json;

template <class Unit>
void read(const Json& from, const char* key, Unit& to)
    requires std::is_integral_v<Unit>
{
    to = from.value(key, to);
}

template <class Rep, class Period>
void read(const Json& from, const char* key, std::chrono::duration<Rep, Period>& to) {
    to = std::chrono::duration<Rep, Period>(from.value(key, to.count()));
}

void read_pool(const Json& from, PoolSettings& pool) {
    read(from, "weight", pool.weight);
    read(from, "max", pool.max_links);
    read(from, "max_inflight", pool.max_inflight);
    read(from, "max_inflight_bytes", pool.max_inflight_bytes);
    read(from, "max_waiting", pool.max_waiting);
    read(from, "wait_timeout_secs", pool.wait_timeout);
    read(from, "min_idle", pool.min_idle);
    read(from, "max_starting", pool.max_starting);
    read(from, "max_requests", pool.max_requests);
    read(from, "max_age_secs", pool.max_age);
    read(from, "idle_timeout_secs", pool.idle_timeout);
    read(from, "max_memory_bytes", pool.max_memory_bytes);
    read(from, "backoff_ms", pool.min_backoff);
    read(from, "max_backoff_ms", pool.max_backoff);
}

void read_retry(const Json& from, RetrySettings& retry) {
    read(from, "max_attempts", retry.max_attempts);
    read(from, "budget_percent", retry.budget_percent);
    read(from, "backoff_ms", retry.min_backoff);
    read(from, "max_backoff_ms", retry.max_backoff);
    retry.trust_annotations = from.value("trust_annotations", retry.trust_annotations);
}

void read_breaker(const Json& from, BreakerSettings& breaker) {
    read(from, "failures", breaker.failures);
    read(from, "open_secs", breaker.open_for);
}

void read_outlier(const Json& from, OutlierSettings& outlier) {
    read(from, "failure_percent", outlier.failure_percent);
    read(from, "min_requests", outlier.min_requests);
    read(from, "interval_secs", outlier.interval);
    read(from, "ejection_secs", outlier.eject_for);
    read(from, "max_ejected_percent", outlier.max_ejected_percent);
}

}  // namespace

void read_upstream_settings(const Json& upstream, const Json& written, UpstreamSettings& settings) {
    if (upstream.contains("pool")) read_pool(upstream.at("pool"), settings.pool);
    if (upstream.contains("retry")) read_retry(upstream.at("retry"), settings.retry);
    if (written.contains("circuit_breaker")) {
        read_breaker(upstream.at("circuit_breaker"), settings.breaker.emplace());
    }
    if (written.contains("outlier_ejection")) {
        read_outlier(upstream.at("outlier_ejection"), settings.outlier.emplace());
    }
}

}  // namespace shadowcat::core
