// SPDX-License-Identifier: Apache-2.0
// The life of a proxy: made, started, running.
#include "core/proxy/proxy.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/proxy/control_info.hpp"
#include "core/proxy/make_part.hpp"
#include "core/runtime/program_pages.hpp"
#include "core/runtime/resident_memory.hpp"

#include <boost/asio/post.hpp>

#include <thread>

namespace shadowcat::core {

namespace {

constexpr sdk::Duration kWatchInterval = std::chrono::seconds(1);

/// How long a server that was passed a signal may take to end before it is ended.
constexpr sdk::Duration kServersTime = std::chrono::seconds(2);

/// A command may carry a message as a JSON string, in which every second character is escaped.
ControlLimits control_limits(const Config& config) {
    ControlLimits limits;
    limits.max_line = 2 * config.session.message.max_bytes + (std::size_t{64} << 10);
    return limits;
}

}  // namespace

Proxy::Proxy(Config config, const PluginRegistry& registry, ConfigOrigin origin)
    : origin_(std::move(origin)),
      shared_(std::move(config)),
      workers_(worker_count(shared_.config, std::thread::hardware_concurrency())),
      control_(workers_[0], shared_.control, control_limits(shared_.config)),
      host_(workers_, shared_),
      admin_host_(workers_, shared_) {
    make_sinks(registry);
    make_parts(registry);
    make_listeners(registry);
    make_control();
    host_.on_finished(
        [this] { sdk::asio::post(workers_[0].context(), [this] { request_stop(); }); });
    if (origin_.file) file_ = FileStamp::of(*origin_.file);
}

Proxy::~Proxy() = default;

void Proxy::make_parts(const PluginRegistry& registry) {
    for (sdk::Worker* worker : workers_.workers()) {
        parts_.push_back(std::make_unique<WorkerParts>(*worker, registry, shared_));
        host_.add_service(parts_.back()->table());
        admin_host_.add_service(parts_.back()->table());
    }
    health_ = std::make_unique<HealthWatch>(workers_[0], registry, shared_, parts_[0]->group());
    health_->make(shared_.config);
    const ReloadTarget target(shared_, workers_, parts_, *health_);
    reloader_ = std::make_unique<Reloader>(target, origin_.read);
    admin_subject_ = std::make_unique<AdminSubject>(shared_, workers_, parts_, *reloader_,
                                                    [this] { request_stop(); });
}

void Proxy::make_sinks(const PluginRegistry& registry) {
    for (const PartConfig& part : shared_.config.metrics_sinks) {
        sinks_.push_back(make_part<sdk::MetricsSink>(registry, part, workers_[0]));
    }
    const sdk::ExchangeSinkContext context(workers_[0], shared_.metrics);
    for (const PartConfig& part : shared_.config.exchange_sinks) {
        shared_.sinks.add(make_part<sdk::ExchangeSink>(registry, part, context));
    }
}

void Proxy::make_listeners(const PluginRegistry& registry) {
    sdk::ListenerHost& host = host_;
    listener_ = make_part<sdk::Listener>(registry, shared_.config.listener, host);
    reloader_->use(*listener_);
    if (shared_.config.admin) {
        sdk::ListenerHost& admin = admin_host_;
        admin_listener_ = make_part<sdk::Listener>(registry, *shared_.config.admin, admin);
        add_health_pages(admin_host_.pages(), *admin_subject_);
        add_admin_pages(admin_host_.pages(), *admin_subject_);
    } else {
        add_health_pages(host_.pages(), *admin_subject_);
    }
    if (shared_.config.session.passes_text) end_with_its_link();
}

void Proxy::make_control() {
    const auto started = std::chrono::system_clock::now();
    const auto info = [this, started] {
        return control_info(shared_.config, *listener_, parts_[0]->group(), started);
    };
    verbs_ = serve_control_info(shared_.control, info);
}

/// Forward mode on stdin and stdout lives as long as the server it stands before.
void Proxy::end_with_its_link() {
    for (const auto& parts : parts_) {
        parts->context().link_lost = [this](const sdk::Error& why) {
            const bool asked = stopping_ || why.code() == sdk::ErrorCode::closed;
            exit_code_ = asked ? exit_code_ : 1;
            host_.finished();
        };
        parts->context().server_exited = [this](int code) { server_exit_ = code; };
    }
}

int Proxy::run() {
    listen_to_signals();
    spawn_logged(workers_[0], start(), "proxy.start");
    workers_.run();
    return server_exit_.value_or(exit_code_);
}

void Proxy::listen_to_signals() {
    SignalActions actions;
    actions.end = [this](int count) { on_signal(count); };
    if (reloader_->possible()) actions.reload = [this] { start_reload("signal"); };
    if (shared_.config.session.passes_text) {
        actions.pass_on = [this](int number) { signal_servers(number); };
    }
    signals_ = std::make_unique<Signals>(workers_[0], std::move(actions));
}

/// On worker 0, where the one client's session lives.
void Proxy::signal_servers(int number) {
    server_decides_ = parts_[0]->table().signal_servers(number);
}

sdk::awaitable<> Proxy::start() {
    const bool started = co_await start_parts();
    if (started) co_return;
    exit_code_ = 1;
    request_stop();
}

sdk::awaitable<bool> Proxy::start_parts() {
    const bool sinks = co_await start_sinks();
    if (!sinks) co_return false;
    if (!start_control()) co_return false;
    if (admin_listener_) {
        const bool admin = co_await start_listener(*admin_listener_, "admin pages");
        if (!admin) co_return false;
    }
    const bool listening = co_await start_listener(*listener_, "listening");
    if (!listening) co_return false;
    for (const auto& upstream : parts_[0]->group().members()) {
        sdk::log::info("upstream", {{"name", upstream->name()}, {"target", upstream->target()}});
    }
    health_->start();
    tick_ = workers_[0].every_tick([this](sdk::TimePoint now) { watch(now); });
    service_manager_.ready("serving " + listener_->address());
    drop_program_pages();
    co_return true;
}

sdk::awaitable<bool> Proxy::start_sinks() {
    sdk::MetricsHost& where = admin_listener_ ? admin_host_ : host_;
    for (const auto& sink : sinks_) {
        const sdk::Result<void> started = co_await sink->start(where);
        if (started.has_error()) {
            sdk::log::error("metrics sink failed to start", {{"error", started.error()}});
            co_return false;
        }
    }
    const sdk::Result<void> recording = co_await shared_.sinks.start();
    if (recording.has_error()) {
        sdk::log::error("exchange sink failed to start", {{"error", recording.error()}});
        co_return false;
    }
    co_return true;
}

/// Nobody asked for a socket that is made by itself: without it the proxy works as well.
bool Proxy::start_control() {
    const ControlConfig& wanted = shared_.config.control;
    if (wanted.socket == ControlConfig::Socket::off) return true;
    const sdk::Result<void> started = control_.start(wanted.path);
    if (started.has_value()) {
        sdk::log::info("control socket", {{"path", control_.path()}});
        return true;
    }
    const bool needed = wanted.socket == ControlConfig::Socket::path;
    sdk::log::write(needed ? sdk::log::Level::error : sdk::log::Level::warn, "no control socket",
                    {{"error", started.error()}});
    return !needed;
}

sdk::awaitable<bool> Proxy::start_listener(sdk::Listener& listener, const char* what) {
    const sdk::Result<void> listening = co_await listener.start();
    if (listening.has_error()) {
        sdk::log::error("listener failed to start", {{"error", listening.error()}});
        co_return false;
    }
    sdk::log::info(what, {{"url", listener.address()}, {"workers", workers_.size()}});
    co_return true;
}

void Proxy::start_reload(const char* trigger) {
    if (!stopping_) spawn_logged(workers_[0], reload(trigger), "proxy.reload");
}

sdk::awaitable<> Proxy::reload(std::string trigger) {
    service_manager_.reloading();
    const ReloadRecord record = co_await reloader_->reload(std::move(trigger));
    if (stopping_) co_return;
    service_manager_.ready(record.applied ? "reloaded: " + record.changes
                                          : "reload failed: " + record.errors.front());
}

/// Once a second, on worker 0.
void Proxy::watch(sdk::TimePoint now) {
    if (stop_at_ && now >= *stop_at_) request_stop();
    free_memory_.on_tick(now);
    if (now < next_watch_ || stopping_) return;
    next_watch_ = now + kWatchInterval;
    watch_file();
    watch_memory();
}

void Proxy::watch_file() {
    if (!shared_.config.process.watch_file || !origin_.file) return;
    const FileStamp stamp = FileStamp::of(*origin_.file);
    if (stamp == file_ || !stamp.exists()) return;
    file_ = stamp;
    start_reload("file");
}

void Proxy::watch_memory() {
    const std::size_t limit = shared_.config.process.max_memory_bytes;
    const bool short_of_memory = limit != 0 && resident_memory() > limit;
    const bool before = shared_.sessions.shedding.exchange(short_of_memory);
    if (short_of_memory == before) return;
    sdk::log::warn(short_of_memory ? "short of memory, new sessions are refused"
                                   : "memory is enough again, new sessions are accepted",
                   {{"limit", limit}});
}

void Proxy::on_signal(int count) {
    if (count > 1) {
        sdk::log::warn("second signal, ending at once");
        ::_exit(1);
    }
    if (server_decides_) {  // its end is ours
        stop_at_ = sdk::Clock::now() + kServersTime;
    } else {
        request_stop();
    }
}

}  // namespace shadowcat::core
