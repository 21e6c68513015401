// SPDX-License-Identifier: Apache-2.0
// The worker's loop and its coarse tick.
#include "shadowcat/sdk/worker.hpp"

#include "poller.hpp"

#include <utility>

namespace shadowcat::sdk::inline v1 {

namespace {
// This library is loaded with the program: its variables need no look-up.
[[gnu::tls_model("initial-exec")]] constinit thread_local std::size_t this_worker = 0;
}  // namespace

std::size_t current_worker() noexcept { return this_worker; }

/// One thread runs the loop, and only it touches the sockets of its loop: they need no locks.
/// Posts, timers and registrations keep theirs.
Worker::Worker(std::size_t index)
    : index_(index),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      timer_(context_),
      now_(Clock::now()) {
    asio::use_service<Poller>(context_);  // fails here, if at all, and not at a connection
}

Worker::~Worker() = default;

void Worker::run() {
    this_worker = index_;
    now_ = Clock::now();
    context_.restart();
    context_.run();
}

void Worker::poll() {
    this_worker = index_;
    context_.restart();
    context_.poll();
}

void Worker::stop() { context_.stop(); }

Worker::Tick Worker::every_tick(std::function<void(TimePoint)> callback) {
    ticks_.push_back(std::move(callback));
    if (!ticking_) {
        ticking_ = true;
        arm_tick();
    }
    return Tick(*this, std::prev(ticks_.end()));
}

void Worker::arm_tick() {
    timer_.expires_after(kTickInterval);
    timer_.async_wait([this](error_code failed) {
        if (!failed) run_tick();
    });
}

void Worker::run_tick() {
    now_ = Clock::now();
    for (auto entry = ticks_.begin(); entry != ticks_.end();) {
        auto current = entry;
        if (*current) {
            // Not called in its place: one that ends itself must last until it returns.
            auto running = std::exchange(*current, [](TimePoint) {});
            running(now_);
            if (*current) *current = std::move(running);
        }
        ++entry;
        if (!*current) ticks_.erase(current);
    }
    ticking_ = !ticks_.empty();
    if (ticking_) arm_tick();
}

Worker::Tick::Tick(Tick&& other) noexcept
    : worker_(std::exchange(other.worker_, nullptr)), entry_(other.entry_) {}

Worker::Tick& Worker::Tick::operator=(Tick&& other) noexcept {
    std::swap(worker_, other.worker_);
    std::swap(entry_, other.entry_);
    return *this;
}

Worker::Tick::~Tick() {
    // Emptied here, erased by the next sweep, which may be the one that is running this callback.
    if (worker_) *entry_ = nullptr;
}

}  // namespace shadowcat::sdk::inline v1
