// SPDX-License-Identifier: Apache-2.0
// The life of a proxy.
#include "core/proxy/proxy.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/proxy/make_part.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

#include <algorithm>
#include <numeric>
#include <thread>

namespace shadowcat::core {

namespace {

/// A shared upstream lives on as many workers as it may have links; sessions can't be elsewhere.
std::size_t worker_count(const Config& config) {
    std::size_t count = config.workers ? config.workers : std::thread::hardware_concurrency();
    for (const UpstreamConfig& upstream : config.upstreams) {
        if (upstream.settings.isolation != Isolation::shared) continue;
        count = std::min(count, std::max<std::size_t>(upstream.settings.pool.max_links, 1));
    }
    return std::clamp<std::size_t>(count, 1, 256);
}

HealthPolicy policy_of(const HealthConfig& config) {
    HealthPolicy policy;
    policy.interval = config.interval;
    policy.timeout = config.timeout;
    policy.healthy_after = static_cast<unsigned>(config.healthy_after);
    policy.unhealthy_after = static_cast<unsigned>(config.unhealthy_after);
    return policy;
}

constexpr std::chrono::seconds kDrainTimeout(10);

}  // namespace

Proxy::Proxy(Config config, const PluginRegistry& registry)
    : config_(std::move(config)),
      shared_(config_),
      workers_(worker_count(config_)),
      host_(workers_, shared_.metrics) {
    for (const UpstreamConfig& upstream : config_.upstreams) {
        shared_.upstreams.push_back(std::make_shared<UpstreamState>(upstream.name, upstream.settings));
    }
    make_parts(registry);
    make_listener(registry);
    host_.on_finished(
        [this] { sdk::asio::post(workers_[0].context(), [this] { request_stop(); }); });
}

Proxy::~Proxy() = default;

void Proxy::make_parts(const PluginRegistry& registry) {
    for (sdk::Worker* worker : workers_.workers()) {
        parts_.push_back(std::make_unique<WorkerParts>(*worker, registry, shared_));
        host_.add_service(parts_.back()->table());
    }
    for (std::size_t i = 0; i < config_.upstreams.size(); ++i) {
        const auto& health = config_.upstreams[i].health;
        if (!health) continue;
        const sdk::HealthContext context(workers_[0], config_.upstreams[i].name,
                                         parts_[0]->group().members()[i]->target(),
                                         health->timeout);
        auto checker = make_part<sdk::HealthChecker>(registry, health->checker, context);
        health_.push_back(std::make_unique<HealthSchedule>(
            workers_[0], *parts_[0]->group().members()[i], std::move(checker), policy_of(*health),
            shared_.metrics));
    }
    for (const PartConfig& part : config_.metrics_sinks) {
        sinks_.push_back(make_part<sdk::MetricsSink>(registry, part, workers_[0]));
    }
}

void Proxy::make_listener(const PluginRegistry& registry) {
    sdk::ListenerHost& host = host_;
    listener_ = make_part<sdk::Listener>(registry, config_.listener, host);
    std::vector<const UpstreamState*> states;
    for (const auto& state : shared_.upstreams)
        states.push_back(state.get());
    host_.publish("/health", [states] { return health_page(states); });
    if (!config_.session.transparent || config_.listener.name != "stdio") return;
    for (const auto& parts : parts_) {
        parts->context().link_lost = [this](const sdk::Error&) {
            exit_code_ = stopping_ ? exit_code_ : 1;
            host_.finished();
        };
    }
}

int Proxy::run() {
    signals_ = std::make_unique<Signals>(workers_[0], [this](int count) { on_signal(count); });
    spawn_logged(workers_[0], start(), "proxy.start");
    workers_.run();
    return exit_code_;
}

sdk::awaitable<> Proxy::start() {
    const bool started = co_await start_parts();
    if (started) co_return;
    exit_code_ = 1;
    request_stop();
}

sdk::awaitable<bool> Proxy::start_parts() {
    for (const auto& sink : sinks_) {
        const sdk::Result<void> started = co_await sink->start(host_);
        if (started.has_error()) {
            sdk::log::error("metrics sink failed to start", {{"error", started.error()}});
            co_return false;
        }
    }
    const sdk::Result<void> listening = co_await listener_->start();
    if (listening.has_error()) {
        sdk::log::error("listener failed to start", {{"error", listening.error()}});
        co_return false;
    }
    sdk::log::info("listening", {{"url", listener_->address()}, {"workers", workers_.size()}});
    for (const auto& upstream : parts_[0]->group().members()) {
        sdk::log::info("upstream", {{"name", upstream->name()}, {"target", upstream->target()}});
    }
    for (const auto& schedule : health_)
        schedule->start();
    co_return true;
}

void Proxy::on_signal(int count) {
    if (count > 1) {
        sdk::log::warn("second signal, ending at once");
        ::_exit(1);
    }
    request_stop();
}

void Proxy::request_stop() {
    if (stopping_) return;
    stopping_ = true;
    spawn_logged(workers_[0], drain(), "proxy.drain");
}

sdk::awaitable<> Proxy::drain() {
    sdk::log::info("draining", {{"sessions", shared_.sessions.live.load()}});
    listener_->stop_accepting();
    for (const auto& parts : parts_)
        parts->table().close();
    co_await drain_requests();
    co_await stop_parts();
    signals_->stop();
    sdk::log::info("stopped");
    workers_.finish();
}

sdk::awaitable<> Proxy::drain_requests() {
    const sdk::Gauge& in_flight =
        shared_.metrics.gauge("shadowcat_requests_in_flight", "Client requests under way");
    const sdk::TimePoint deadline = sdk::Clock::now() + kDrainTimeout;
    sdk::Timer poll(workers_[0].context());
    while (in_flight.value() > 0 && sdk::Clock::now() < deadline) {
        poll.expires_after(std::chrono::milliseconds(20));
        co_await poll.async_wait(sdk::as_tuple);
    }
    if (in_flight.value() > 0) {
        sdk::log::warn("drain deadline passed", {{"in_flight", in_flight.value()}});
    }
}

sdk::awaitable<> Proxy::stop_parts() {
    for (const auto& schedule : health_)
        co_await schedule->stop();
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        std::function<sdk::awaitable<>()> stop = [this, i] { return parts_[i]->stop(); };
        co_await workers_.run_on(workers_[0], i, std::move(stop));
    }
    co_await listener_->stop();
    for (const auto& sink : sinks_)
        co_await sink->stop();
}

}  // namespace shadowcat::core
