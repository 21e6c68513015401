// SPDX-License-Identifier: Apache-2.0
// Host: what the core offers listeners and metrics sinks.
#pragma once

#include "shadowcat/sdk/listener.hpp"
#include "shadowcat/sdk/metrics_sink.hpp"

#include "core/proxy/pages.hpp"
#include "core/runtime/worker_set.hpp"
#include "core/session/session_id.hpp"

#include <functional>
#include <string>
#include <vector>

namespace shadowcat::core {

/// One for each listener: the main one's, and the admin pages', whose sessions nobody asks for.
class Host final : public sdk::ListenerHost, public sdk::MetricsHost {
public:
    Host(WorkerSet& workers, sdk::Metrics& metrics, sdk::Quota& bytes)
        : workers_(workers), metrics_(metrics), bytes_(bytes) {}

    /// Services in the order of workers; before any listener starts.
    void add_service(sdk::Service& service) { services_.push_back(&service); }

    /// What `finished` calls, on any thread.
    void on_finished(std::function<void()> callback) { finished_ = std::move(callback); }

    Pages& pages() noexcept { return pages_; }

    std::span<sdk::Worker* const> workers() noexcept override { return workers_.workers(); }
    sdk::Service& service(std::size_t index) noexcept override { return *services_[index]; }
    std::size_t worker_of(std::string_view id) const noexcept override {
        return SessionIds::worker_of(id, workers_.size());
    }
    bool has_page(std::string_view path) const override { return pages_.has(path); }
    sdk::awaitable<sdk::Page> page(sdk::PageRequest request, sdk::Worker& here) override {
        return pages_.serve(std::move(request), here);
    }
    sdk::Quota& bytes_in_flight() noexcept override { return bytes_; }
    bool traces() const noexcept override { return false; }
    void refused(const sdk::ExchangeRecord&) noexcept override {}
    void finished() override {
        if (finished_) finished_();
    }
    sdk::Metrics& metrics() noexcept override { return metrics_; }

    const sdk::Metrics& metrics() const noexcept override { return metrics_; }
    bool publish(std::string path, std::function<sdk::Page()> render) override {
        return pages_.add(std::move(path), std::move(render));
    }

private:
    WorkerSet& workers_;
    sdk::Metrics& metrics_;
    sdk::Quota& bytes_;
    std::vector<sdk::Service*> services_;
    std::function<void()> finished_;
    Pages pages_;
};

}  // namespace shadowcat::core
