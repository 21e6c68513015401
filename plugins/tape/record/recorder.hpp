// SPDX-License-Identifier: Apache-2.0
// Recorder: what the interceptors `tape` of all workers share: the queue, and the thread behind it.
#pragma once

#include "record/entry_queue.hpp"
#include "record/options.hpp"
#include "record/tape_desk.hpp"
#include "record/tape_metrics.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace shadowcat::tape {

/// Thread-safe. The thread begins with the first entry; the last one that lets go of the recorder
/// finishes all tapes.
class Recorder {
public:
    /// Opens nothing. Throws `std::invalid_argument` for what can't be redacted so.
    Recorder(const Options& options, sdk::Metrics& metrics);

    /// Waits until everything is on the disk, as long as the disk answers: two seconds at most.
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    const Options& options() const noexcept { return desk_->options; }

    /// An `Entry` or its parts.
    template <class Packable>
    EntryQueue::Pushed push(const Packable& entry) {
        start_once();
        return desk_->queue.push(entry);
    }

    /// For what must not be lost: the end of a session.
    void push_anyway(const EntryParts& entry) {
        start_once();
        desk_->queue.push_anyway(entry);
    }

    template <class Packable>
    void lose(const Packable& entry) {
        desk_->queue.lose(entry.session(), entry.bytes());
    }

    void on_room(const void* who, EntryQueue::Callback callback);
    void forget(const void* who) { desk_->queue.forget(who); }

private:
    /// What the thread has, for as long as it runs: a hung disk may keep it longer than us.
    class Desk {
    public:
        Desk(const Options& given, sdk::Metrics& to)
            : options(given), metrics(to), queue(given.queue_bytes), recording(options, metrics) {}
        void run();
        void run_safely();

        const Options options;
        TapeMetrics metrics;
        EntryQueue queue;
        TapeDesk recording;
    };

    void start_once() {
        if (!running_.load(std::memory_order_acquire)) start_first();
    }
    void start_first();
    void start_thread();

    std::shared_ptr<Desk> desk_;
    std::once_flag started_;
    std::atomic<bool> running_ = false;  // quicker to ask than the flag
    std::thread thread_;
    std::future<void> finished_;
};

}  // namespace shadowcat::tape
