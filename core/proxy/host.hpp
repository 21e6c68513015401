// SPDX-License-Identifier: Apache-2.0
// Host: what the core offers listeners and metrics sinks.
#pragma once

#include "shadowcat/sdk/listener.hpp"
#include "shadowcat/sdk/metrics_sink.hpp"

#include "core/runtime/worker_set.hpp"
#include "core/session/session_id.hpp"
#include "core/upstream/upstream_state.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace shadowcat::core {

class Host final : public sdk::ListenerHost, public sdk::MetricsHost {
public:
    Host(WorkerSet& workers, sdk::Metrics& metrics) : workers_(workers), metrics_(metrics) {}

    /// Services in the order of workers; before any listener starts.
    void add_service(sdk::Service& service) { services_.push_back(&service); }

    /// What `finished` calls, on any thread.
    void on_finished(std::function<void()> callback) { finished_ = std::move(callback); }

    std::span<sdk::Worker* const> workers() noexcept override { return workers_.workers(); }
    sdk::Service& service(std::size_t index) noexcept override { return *services_[index]; }
    std::size_t worker_of(std::string_view id) const noexcept override {
        return SessionIds::worker_of(id, workers_.size());
    }
    bool has_page(std::string_view path) const override;
    sdk::awaitable<sdk::Page> page(sdk::PageRequest request, sdk::Worker& here) override;
    sdk::Quota& bytes_in_flight() noexcept override { return bytes_; }
    bool traces() const noexcept override { return false; }
    void refused(const sdk::ExchangeRecord&) noexcept override {}
    void finished() override { finished_(); }
    sdk::Metrics& metrics() noexcept override { return metrics_; }

    const sdk::Metrics& metrics() const noexcept override { return metrics_; }
    bool publish(std::string path, std::function<sdk::Page()> render) override;

private:
    WorkerSet& workers_;
    sdk::Metrics& metrics_;
    std::vector<sdk::Service*> services_;
    std::function<void()> finished_;
    sdk::Quota bytes_;
    mutable std::mutex mutex_;  // pages are asked for rarely and from every worker
    std::map<std::string, std::function<sdk::Page()>, std::less<>> pages_;
};

/// The `/health` page: 200 while at least one upstream is healthy, else 503.
sdk::Page health_page(const std::vector<const UpstreamState*>& upstreams);

}  // namespace shadowcat::core
