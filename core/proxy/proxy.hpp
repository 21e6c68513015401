// SPDX-License-Identifier: Apache-2.0
// Proxy: composes the configured parts, runs them, drains them.
#pragma once

#include "core/proxy/host.hpp"
#include "core/proxy/worker_parts.hpp"
#include "core/runtime/signals.hpp"
#include "core/upstream/health.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace shadowcat::core {

/// Both products are this class with different configurations. Order of life: create every part
/// (nothing is opened yet) → start sinks, health schedules, the listener → run → on a signal, or
/// when the listener is finished: stop accepting, let requests in flight finish until the drain
/// deadline, end sessions, close upstreams, stop sinks → destroy in reverse order of creation, on
/// one thread.
class Proxy {
public:
    /// Throws `std::exception` when a part can't be made.
    Proxy(Config config, const PluginRegistry& registry);
    ~Proxy();

    /// Runs until the end; the process's exit code.
    int run();

private:
    void make_parts(const PluginRegistry& registry);
    void make_listener(const PluginRegistry& registry);
    sdk::awaitable<> start();
    sdk::awaitable<bool> start_parts();
    sdk::awaitable<> drain();
    sdk::awaitable<> drain_requests();
    sdk::awaitable<> stop_parts();
    void request_stop();
    void on_signal(int count);

    Config config_;
    Shared shared_;
    WorkerSet workers_;
    Host host_;
    std::vector<std::unique_ptr<WorkerParts>> parts_;
    std::vector<std::unique_ptr<HealthSchedule>> health_;
    std::vector<std::unique_ptr<sdk::MetricsSink>> sinks_;
    std::unique_ptr<sdk::Listener> listener_;
    std::unique_ptr<Signals> signals_;
    bool stopping_ = false;
    int exit_code_ = 0;
};

}  // namespace shadowcat::core
