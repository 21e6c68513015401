// SPDX-License-Identifier: Apache-2.0
// The end of a proxy: what is in flight finishes, then everything goes in reverse order.
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/proxy/proxy.hpp"

namespace shadowcat::core {

void Proxy::request_stop() {
    if (stopping_) return;
    stopping_ = true;
    shared_.draining = true;
    spawn_logged(workers_[0], drain(), "proxy.drain");
}

sdk::awaitable<> Proxy::drain() {
    sdk::log::info("draining", {{"sessions", shared_.sessions.live.load()}});
    service_manager_.stopping();
    tick_ = sdk::Worker::Tick();
    listener_->stop_accepting();
    for (const auto& parts : parts_)
        parts->table().close();
    if (!server_exit_) co_await release_held();  // else it would go to a server started for it
    co_await drain_requests();
    co_await reloader_->finish();
    co_await stop_parts();
    signals_->stop();
    sdk::log::info("stopped");
    workers_.finish();
}

/// What waits at a breakpoint would otherwise be waited for.
sdk::awaitable<> Proxy::release_held() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        std::function<sdk::awaitable<>()> release = [this, i] { return parts_[i]->release_held(); };
        co_await workers_.run_on(workers_[0], i, std::move(release));
    }
}

sdk::awaitable<> Proxy::drain_requests() {
    const sdk::Gauge& in_flight =
        shared_.metrics.gauge("shadowcat_requests_in_flight", "Client requests under way");
    const sdk::TimePoint deadline = sdk::Clock::now() + shared_.config.process.drain_timeout;
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
    co_await health_->stop();
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        std::function<sdk::awaitable<>()> stop = [this, i] { return parts_[i]->stop(); };
        co_await workers_.run_on(workers_[0], i, std::move(stop));
    }
    co_await control_.stop();
    co_await listener_->stop();
    if (admin_listener_) co_await admin_listener_->stop();
    co_await shared_.sinks.stop();
    for (const auto& sink : sinks_)
        co_await sink->stop();
}

}  // namespace shadowcat::core
