// SPDX-License-Identifier: Apache-2.0
// The buffer that is being filled, and when to wake its reader.
#include "line_queue.hpp"

#include <limits>
#include <utility>

namespace shadowcat::access_log {

namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
constexpr auto kGather = std::chrono::milliseconds(50);

}  // namespace

LineQueue::LineQueue(std::size_t max_bytes) : capacity_(max_bytes / 2), wake_at_(kNever) {
    filling_.reserve(capacity_);  // the system gives the pages when they are first written to
}

bool LineQueue::append(std::string_view line) noexcept {
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (line.size() > capacity_ - filling_.size()) {
            ++dropped_;
            return false;
        }
        filling_.append(line);
        wake = filling_.size() >= wake_at_;
        if (wake) wake_at_ = kNever;
    }
    if (wake) wake_up_.notify_one();
    return true;
}

void LineQueue::ask_reopen() noexcept {
    {
        const std::lock_guard lock(mutex_);
        reopen_ = true;
    }
    wake_up_.notify_one();
}

void LineQueue::ask_stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_up_.notify_one();
}

LineQueue::Work LineQueue::wait(std::string& batch) {
    batch.clear();
    batch.reserve(capacity_);
    std::unique_lock lock(mutex_);
    wake_at_ = 1;
    wake_up_.wait(lock, [this] { return wanted() || !filling_.empty(); });
    wake_at_ = capacity_ / 2;
    wake_up_.wait_for(lock, kGather,
                      [this] { return wanted() || filling_.size() >= capacity_ / 2; });
    wake_at_ = kNever;
    batch.swap(filling_);
    return Work(std::exchange(dropped_, 0), std::exchange(reopen_, false), stop_);
}

void LineQueue::pause(sdk::Duration limit) {
    std::unique_lock lock(mutex_);
    wake_up_.wait_for(lock, limit, [this] { return wanted(); });
}

bool LineQueue::take_reopen() {
    const std::lock_guard lock(mutex_);
    return std::exchange(reopen_, false);
}

bool LineQueue::stopping() const {
    const std::lock_guard lock(mutex_);
    return stop_;
}

}  // namespace shadowcat::access_log
