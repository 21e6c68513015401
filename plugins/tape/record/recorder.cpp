// SPDX-License-Identifier: Apache-2.0
// Begins and ends the thread that writes tapes, and what it does.
#include "record/recorder.hpp"

#include "shadowcat/sdk/log.hpp"

#include <pthread.h>

#include <csignal>
#include <system_error>

namespace shadowcat::tape {

namespace {

using namespace std::chrono_literals;

// Only a disk that doesn't answer takes longer.
constexpr sdk::Duration kFlushLimit = 2s;

/// While it lives new threads begin with every signal blocked: signals are for the workers.
class TapeSignalsBlocked {
public:
    TapeSignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    TapeSignalsBlocked(const TapeSignalsBlocked&) = delete;
    TapeSignalsBlocked& operator=(const TapeSignalsBlocked&) = delete;
    ~TapeSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

}  // namespace

void Recorder::Desk::run() {
    EntryQueue::Work work;
    sdk::TimePoint limit = sdk::TimePoint::max();
    bool refusing = false;
    while (!work.stop) {
        queue.wait(work, limit);
        const sdk::TimePoint now = sdk::Clock::now();
        work.entries.for_each([&](Entry& entry) { recording.take(std::move(entry), now); });
        recording.take(std::move(work.losses));
        work.entries.clear();
        limit = recording.flush(sdk::Clock::now());
        if (std::exchange(refusing, recording.failing()) != refusing) queue.refuse(refusing);
        queue.release(work.bytes);
    }
    recording.end("the recorder ended", sdk::Clock::now());
}

void Recorder::Desk::run_safely() {
    try {
        run();
    } catch (const std::exception& failure) {
        sdk::log::error("recording ended", {{"error", failure.what()}});
        queue.refuse(true);
    }
}

Recorder::Recorder(const Options& options, sdk::Metrics& metrics)
    : desk_(std::make_shared<Desk>(options, metrics)) {}

Recorder::~Recorder() {
    if (!thread_.joinable()) return;
    desk_->queue.ask_stop();
    if (finished_.wait_for(kFlushLimit) == std::future_status::ready) {
        thread_.join();
        return;
    }
    desk_->metrics.abandon();
    thread_.detach();
    sdk::log::warn("recording is left: its disk doesn't answer");
}

void Recorder::on_room(const void* who, EntryQueue::Callback callback) {
    desk_->queue.on_room(who, std::move(callback));
}

void Recorder::start_first() {
    std::call_once(started_, [this] { start_thread(); });
    running_.store(true, std::memory_order_release);
}

/// Without a thread everything is lost, and counted.
void Recorder::start_thread() {
    std::promise<void> done;
    finished_ = done.get_future();
    const TapeSignalsBlocked for_the_thread;
    try {
        thread_ = std::thread([desk = desk_, done = std::move(done)]() mutable {
            ::pthread_setname_np(::pthread_self(), "tape");
            desk->run_safely();
            done.set_value();
        });
    } catch (const std::system_error& failure) {
        sdk::log::error("no thread for recording", {{"error", failure.what()}});
        desk_->queue.refuse(true);
    }
}

}  // namespace shadowcat::tape
