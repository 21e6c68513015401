// SPDX-License-Identifier: Apache-2.0
// Gathers, encodes, sends, and waits where the collector can't take.
#include "span_exporter.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "otlp_json.hpp"
#include "trace_json.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>

namespace shadowcat::otlp {

using namespace shadowcat::sdk;

namespace {

Duration seconds_of(const Json& config, const char* key) {
    return std::chrono::seconds(config.at(key).get<int>());
}

Counter& dropped(Metrics& metrics, const char* reason) {
    return metrics.counter("shadowcat_otlp_spans_dropped_total",
                           "Spans that never reached the OTLP collector", {{"reason", reason}});
}

}  // namespace

SpanExporter::Counters::Counters(Metrics& metrics)
    : queued(metrics.gauge("shadowcat_otlp_spans_queued", "Spans that wait to be sent")),
      exported(metrics.counter("shadowcat_otlp_spans_exported_total",
                               "Spans that the OTLP collector took")),
      rejected(metrics.counter("shadowcat_otlp_spans_rejected_total",
                               "Spans that the OTLP collector rejected out of a batch it took")),
      queue_full(dropped(metrics, "queue_full")),
      refused(dropped(metrics, "refused")),
      gave_up(dropped(metrics, "gave_up")),
      stopped(dropped(metrics, "stopped")) {}

Schema SpanExporter::schema() {
    Schema schema;
    schema.add(integer("flush_interval_secs", "Seconds a span waits for others at most")
                   .defaults_to(Json(5))
                   .between(1, 3600));
    schema.add(integer("max_batch", "Spans of one request at most; so many are sent at once")
                   .defaults_to(Json(512))
                   .between(1, 8192));
    schema.add(integer("max_queue", "Spans that wait at most; more are dropped and counted")
                   .defaults_to(Json(4096))
                   .between(1, 1'000'000));
    schema.add(integer("retry_secs", "Seconds after which a batch that can't be sent is dropped")
                   .defaults_to(Json(300))
                   .between(0, 86400));
    schema.add(number("sample_ratio", "Share of the traces to send, 0 to 1, chosen by trace id")
                   .defaults_to(Json(1.0))
                   .between(0, 1));
    schema.add(boolean("trust_parent",
                       "Whether a client's sampled flag decides about traces it began; else "
                       "sample_ratio decides about all")
                   .defaults_to(Json(true)));
    return schema.merge(ExporterOptions::schema());
}

SpanExporter::SpanExporter(const Json& config, const ExchangeSinkContext& context)
    : worker_(context.worker),
      options_(config),
      sampler_(config.at("sample_ratio").get<double>(), config.at("trust_parent").get<bool>()),
      max_batch_(std::min(config.at("max_batch").get<std::size_t>(),
                          config.at("max_queue").get<std::size_t>())),
      flush_interval_(seconds_of(config, "flush_interval_secs")),
      retry_(seconds_of(config, "retry_secs")),
      counters_(context.metrics),
      resource_(resource_text(options_)),
      scope_(scope_text()),
      queue_(config.at("max_queue").get<std::size_t>()),
      courier_(context.worker, options_, "traces", context.metrics),
      alarm_(std::make_shared<Alarm>(context.worker.executor())) {}

awaitable<Result<void>> SpanExporter::start() {
    running_ = true;
    spawn_logged(worker_, run(), "otlp.traces");
    co_return Result<void>();
}

void SpanExporter::on_exchange(const ExchangeRecord& record) noexcept {
    try {
        if (!sampler_.takes(record)) return;
        const auto waiting = queue_.push(Span(record));
        (waiting ? counters_.queued : counters_.queue_full).add();
        if (waiting == max_batch_) alarm_->ring_from_afar();
    } catch (...) {  // out of memory
        counters_.queue_full.add();
    }
}

awaitable<> SpanExporter::run() {
    try {
        co_await send_regularly();
        co_await send_rest();
    } catch (const std::exception& failure) {
        log::error("otlp exporter ended", {{"signal", "traces"}, {"error", failure.what()}});
    }
    courier_.close();
    running_ = false;
    ended_.notify();
}

awaitable<> SpanExporter::send_regularly() {
    while (!stopping_) {
        co_await wait_for_batch();
        bool more = true;
        while (more && !stopping_)
            more = co_await send_batch();
    }
}

awaitable<> SpanExporter::wait_for_batch() {
    const TimePoint due = Clock::now() + flush_interval_;
    while (!stopping_ && Clock::now() < due && queue_.size() < max_batch_)
        co_await alarm_->sleep_until(due);
}

/// True when another batch is full already.
awaitable<bool> SpanExporter::send_batch() {
    std::vector<Span> spans = queue_.take(max_batch_);
    const std::size_t count_of_spans = spans.size();
    if (spans.empty()) co_return false;
    counters_.queued.subtract(static_cast<std::int64_t>(count_of_spans));
    const std::string request = co_await encode(std::move(spans));
    const Verdict verdict = co_await deliver(request);
    count(verdict, count_of_spans);
    co_return queue_.size() >= max_batch_;
}

awaitable<std::string> SpanExporter::encode(std::vector<Span> spans) {
    TraceEncoder encoder(std::move(spans), resource_, scope_);
    while (encoder.step())
        co_await asio::post(worker_.executor(), use_awaitable);
    co_return encoder.take();
}

/// Repeats what the collector can't take now, for a time.
awaitable<Verdict> SpanExporter::deliver(const std::string& request) {
    const TimePoint give_up = Clock::now() + retry_;
    for (;;) {
        const bool last = stopping_;
        Verdict verdict = co_await courier_.deliver(request);
        if (verdict.kind != Verdict::Kind::later || last) co_return verdict;
        if (!stopping_ && Clock::now() >= give_up) co_return verdict;
        const TimePoint again = Clock::now() + courier_.pause();
        while (!stopping_ && Clock::now() < again)
            co_await alarm_->sleep_until(again);
        if (!courier_.has_time()) co_return verdict;
    }
}

void SpanExporter::count(const Verdict& verdict, std::size_t spans) {
    const auto all = static_cast<std::int64_t>(spans);
    const std::int64_t rejected = std::clamp<std::int64_t>(verdict.rejected, 0, all);
    switch (verdict.kind) {
        case Verdict::Kind::accepted:
            counters_.exported.add(all - rejected);
            return counters_.rejected.add(rejected);
        case Verdict::Kind::refused:
            return counters_.refused.add(all);
        case Verdict::Kind::later:
            return (stopping_ ? counters_.stopped : counters_.gave_up).add(all);
    }
}

/// At the end: as long as the collector takes, and there is time.
awaitable<> SpanExporter::send_rest() {
    bool taken = true;
    while (taken && queue_.size() > 0 && courier_.has_time()) {
        (void)co_await send_batch();
        taken = courier_.state() != Standing::State::away;
    }
    const auto left = static_cast<std::int64_t>(queue_.take(SIZE_MAX).size());
    counters_.queued.subtract(left);
    counters_.stopped.add(left);
}

awaitable<> SpanExporter::stop() {
    if (!running_) co_return;
    stopping_ = true;
    courier_.hurry(Clock::now() + options_.timeout);
    alarm_->ring();
    while (running_)
        co_await ended_.wait();
}

}  // namespace shadowcat::otlp
