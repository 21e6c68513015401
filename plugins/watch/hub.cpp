// SPDX-License-Identifier: Apache-2.0
// Begins and ends the thread that shows.
#include "hub.hpp"

#include "shadowcat/sdk/log.hpp"

#include "serve_viewer.hpp"

#include <pthread.h>

#include <csignal>
#include <exception>
#include <system_error>

namespace shadowcat::watch {

namespace {

using namespace std::chrono_literals;

// Longer than an output is waited for: only a terminal that was stopped in mid-write outlasts it.
constexpr sdk::Duration kLastLines = 500ms;

/// While it lives new threads begin with every signal blocked: signals are for the workers.
class NoSignals {
public:
    NoSignals() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    NoSignals(const NoSignals&) = delete;
    NoSignals& operator=(const NoSignals&) = delete;
    ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

void show_until_stopped(TrafficView& view, std::promise<void>& done) {
    ::pthread_setname_np(::pthread_self(), "watch");
    try {
        view.run();
    } catch (const std::exception& failure) {
        sdk::log::error("watch ended", {{"error", failure.what()}});
    }
    done.set_value();
}

}  // namespace

Hub::Hub(const Options& options, sdk::Metrics& metrics)
    : view_(std::make_shared<TrafficView>(options, metrics)) {}

Hub::~Hub() {
    verb_.reset();
    view_->ask_stop();
    if (!thread_.joinable()) return;
    if (finished_within(kLastLines)) return thread_.join();
    view_->abandon();
    thread_.detach();
}

void Hub::serve(sdk::ControlHost& control) {
    verb_ = control.serve("watch", viewer_handler(weak_from_this()));
}

void Hub::note(const sdk::Message& message, const sdk::MessageContext& context,
               std::size_t worker) noexcept {
    start_thread();
    view_->note(message, context, worker);
}

void Hub::note(const sdk::TransportEvent& event) noexcept {
    start_thread();
    view_->note(event);
}

sdk::Result<std::shared_ptr<Viewer>> Hub::attach(Filter filter) {
    if (ending_) return sdk::Error(sdk::ErrorCode::unavailable, "the proxy is ending");
    start_thread();
    return view_->audience().attach(std::move(filter));
}

void Hub::detach(const std::shared_ptr<Viewer>& viewer) { view_->audience().detach(viewer); }

void Hub::start_thread() noexcept {
    if (started_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(starting_);
    if (started_.exchange(true)) return;
    const NoSignals for_the_thread;
    try {
        std::promise<void> done;
        finished_ = done.get_future();
        thread_ = std::thread(
            [view = view_, done = std::move(done)]() mutable { show_until_stopped(*view, done); });
    } catch (const std::system_error& failure) {
        sdk::log::error("no thread for watch", {{"error", failure.what()}});
    }
}

bool Hub::finished_within(sdk::Duration limit) const {
    return finished_.wait_for(limit) == std::future_status::ready;
}

}  // namespace shadowcat::watch
