// SPDX-License-Identifier: Apache-2.0
// One vector that fills while another is shown.
#include "record_queue.hpp"

#include <utility>

namespace shadowcat::watch {

namespace {

// So that a busy proxy wakes the reader seldom; nobody reads faster.
constexpr auto kGatherRecords = std::chrono::milliseconds(20);

}  // namespace

bool RecordQueue::push(Record record) noexcept {
    const std::size_t size = record.size();
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (stop_ || records_.size() >= max_records_ || size > max_bytes_ - bytes_) {
            ++dropped_;
            return false;
        }
        bytes_ += size;
        records_.push_back(std::move(record));
        wake = std::exchange(idle_, false);
    }
    if (wake) wake_up_.notify_one();
    return true;
}

void RecordQueue::ask_stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_up_.notify_one();
}

RecordQueue::Work RecordQueue::wait(std::vector<Record>& batch, sdk::Duration limit) {
    batch.clear();
    std::unique_lock lock(mutex_);
    idle_ = records_.empty();
    wake_up_.wait_for(lock, limit, [this] { return stop_ || !records_.empty(); });
    idle_ = false;
    wake_up_.wait_for(lock, kGatherRecords, [this] { return stop_; });
    batch.swap(records_);
    bytes_ = 0;
    return Work(std::exchange(dropped_, 0), stop_);
}

}  // namespace shadowcat::watch
