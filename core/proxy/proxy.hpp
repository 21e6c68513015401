// SPDX-License-Identifier: Apache-2.0
// Proxy: composes the configured parts, runs them, drains them.
#pragma once

#include "core/control/control_server.hpp"
#include "core/proxy/admin_pages.hpp"
#include "core/proxy/health_watch.hpp"
#include "core/proxy/host.hpp"
#include "core/proxy/reloader.hpp"
#include "core/proxy/worker_parts.hpp"
#include "core/runtime/file_stamp.hpp"
#include "core/runtime/free_memory.hpp"
#include "core/runtime/service_manager.hpp"
#include "core/runtime/signals.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::core {

/// Where the configuration comes from, for reloading it. Empty when there is no file.
class ConfigOrigin {
public:
    ConfigOrigin() = default;

    std::optional<std::filesystem::path> file;
    ConfigSource read;
};

/// Both products are this class with different configurations. Order of life: create every part
/// (nothing is opened yet) → start sinks, the control socket, the admin pages, health schedules,
/// the listener → run → on a signal, or when the listener is finished: stop accepting, let requests
/// in flight finish until the drain deadline, end sessions, close upstreams, the control socket and
/// the listener, stop sinks → destroy in reverse order of creation, on one thread.
class Proxy {
public:
    /// Throws `std::exception` when a part can't be made.
    Proxy(Config config, const PluginRegistry& registry, ConfigOrigin origin);
    ~Proxy();

    /// Runs until the end; the process's exit code.
    int run();

private:
    void make_parts(const PluginRegistry& registry);
    void make_sinks(const PluginRegistry& registry);
    void make_control();
    void make_listeners(const PluginRegistry& registry);
    void end_with_its_link();
    void listen_to_signals();
    void signal_servers(int number);
    sdk::awaitable<> start();
    sdk::awaitable<bool> start_parts();
    sdk::awaitable<bool> start_sinks();
    bool start_control();
    sdk::awaitable<bool> start_listener(sdk::Listener& listener, const char* what);
    sdk::awaitable<> drain();
    sdk::awaitable<> release_held();
    sdk::awaitable<> drain_requests();
    sdk::awaitable<> stop_parts();
    void request_stop();
    void on_signal(int count);
    void start_reload(const char* trigger);
    sdk::awaitable<> reload(std::string trigger);
    void watch(sdk::TimePoint now);
    void watch_file();
    void watch_memory();

    ConfigOrigin origin_;
    Shared shared_;
    WorkerSet workers_;
    ControlServer control_;
    Host host_, admin_host_;
    std::vector<std::unique_ptr<WorkerParts>> parts_;
    std::unique_ptr<HealthWatch> health_;
    std::unique_ptr<Reloader> reloader_;
    std::unique_ptr<AdminSubject> admin_subject_;
    std::vector<std::unique_ptr<sdk::MetricsSink>> sinks_;
    std::unique_ptr<sdk::Listener> listener_, admin_listener_;
    std::vector<std::shared_ptr<void>> verbs_;
    std::unique_ptr<Signals> signals_;
    ServiceManager service_manager_ = ServiceManager::from_environment();
    sdk::Worker::Tick tick_;
    sdk::TimePoint next_watch_ = sdk::TimePoint::min();
    FreeMemory free_memory_;
    bool server_decides_ = false;            // it has been passed the signal to end
    std::optional<sdk::TimePoint> stop_at_;  // if it doesn't
    FileStamp file_;
    bool stopping_ = false;
    int exit_code_ = 0;
    std::optional<int> server_exit_;  // of the one server whose place this process takes
};

}  // namespace shadowcat::core
