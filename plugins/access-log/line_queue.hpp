// SPDX-License-Identifier: Apache-2.0
// LineQueue: lines on their way from the workers to the thread that writes them.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace shadowcat::access_log {

/// Two buffers: workers fill one while the writer writes the other. The one mutex is held for as
/// long as it takes to copy a line of some hundred bytes into memory that is already there, or to
/// swap two strings: some ten nanoseconds, no allocation, no system call. The writer is woken when
/// a line comes after a pause, and gathers for a moment, so that a busy proxy seldom makes that
/// call.
class LineQueue {
public:
    /// `max_bytes`: of both buffers together.
    explicit LineQueue(std::size_t max_bytes);

    /// From any thread. False, and counted, when there is no room.
    bool append(std::string_view line) noexcept;

    /// From any thread: what the writer is to do beside writing.
    void ask_reopen() noexcept;
    void ask_stop() noexcept;

    /// What the writer finds.
    class Work {
    public:
        Work(std::uint64_t lines_dropped, bool new_file, bool end)
            : dropped(lines_dropped), reopen(new_file), stop(end) {}

        std::uint64_t dropped;  ///< after the lines of the batch
        bool reopen;
        bool stop;
    };

    /// The writer's: waits for something to do, then puts the lines into `batch`, which replaces
    /// what was there.
    Work wait(std::string& batch);

    /// The writer's: waits for `limit`, or until `ask_reopen` or `ask_stop`.
    void pause(sdk::Duration limit);

    /// The writer's: whether `ask_reopen` was called since the last time it was told.
    bool take_reopen();

    bool stopping() const;

private:
    bool wanted() const noexcept { return stop_ || reopen_; }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable wake_up_;
    std::string filling_;
    std::size_t wake_at_;  // size of `filling_` at which the writer wants to be woken
    std::uint64_t dropped_ = 0;
    bool reopen_ = false;
    bool stop_ = false;
};

}  // namespace shadowcat::access_log
