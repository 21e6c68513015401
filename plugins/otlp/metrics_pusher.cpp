// SPDX-License-Identifier: Apache-2.0
// Sleeps, takes a snapshot, posts it.
#include "metrics_pusher.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "otlp_json.hpp"

#include <exception>
#include <iterator>

namespace shadowcat::otlp {

using namespace shadowcat::sdk;

Schema MetricsPusher::schema() {
    Schema schema;
    schema.add(integer("interval_secs", "Seconds between two pushes")
                   .defaults_to(Json(60))
                   .between(1, 86400));
    return schema.merge(ExporterOptions::schema());
}

MetricsPusher::MetricsPusher(const Json& config, Worker& worker)
    : worker_(worker),
      options_(config),
      interval_(std::chrono::seconds(config.at("interval_secs").get<int>())),
      resource_(resource_text(options_)),
      scope_(scope_text()),
      courier_(worker, options_, "metrics", own_),
      alarm_(std::make_shared<Alarm>(worker.executor())),
      started_(std::chrono::system_clock::now()) {}

awaitable<Result<void>> MetricsPusher::start(MetricsHost& host) {
    host_ = &host;
    running_ = true;
    spawn_logged(worker_, run(), "otlp.metrics");
    co_return Result<void>();
}

awaitable<> MetricsPusher::run() {
    try {
        co_await push_regularly();
        (void)co_await push();
    } catch (const std::exception& failure) {
        log::error("otlp exporter ended", {{"signal", "metrics"}, {"error", failure.what()}});
    }
    courier_.close();
    running_ = false;
    ended_.notify();
}

awaitable<> MetricsPusher::push_regularly() {
    Duration pause = interval_;
    while (!stopping_) {
        const TimePoint next = Clock::now() + pause;
        while (!stopping_ && Clock::now() < next)
            co_await alarm_->sleep_until(next);
        if (!stopping_) pause = co_await push();
    }
}

/// Returns when to come again.
awaitable<Duration> MetricsPusher::push() {
    MetricsEncoder encoder = snapshot();
    while (const auto request = encoder.next()) {
        if (!courier_.has_time()) co_return interval_;
        const Verdict verdict = co_await courier_.deliver(*request);
        if (verdict.kind == Verdict::Kind::later) co_return courier_.pause();
    }
    co_return interval_;
}

MetricsEncoder MetricsPusher::snapshot() const {
    auto families = host_->metrics().snapshot();
    auto own = own_.snapshot();
    families.insert(families.end(), std::move_iterator(own.begin()), std::move_iterator(own.end()));
    return MetricsEncoder(std::move(families), resource_, scope_, started_,
                          std::chrono::system_clock::now());
}

awaitable<> MetricsPusher::stop() {
    if (!running_) co_return;
    stopping_ = true;
    courier_.hurry(Clock::now() + options_.timeout);
    alarm_->ring();
    while (running_)
        co_await ended_.wait();
}

}  // namespace shadowcat::otlp
