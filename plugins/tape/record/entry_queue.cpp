// SPDX-License-Identifier: Apache-2.0
// The queue, its bound, and when to wake its reader.
#include "record/entry_queue.hpp"

#include <limits>
#include <utility>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kEnough = 256 * 1024;
constexpr auto kGather = std::chrono::milliseconds(20);

}  // namespace

void Losses::add(std::string_view session, const Loss& loss) {
    auto found = sessions_.find(session);
    if (found == sessions_.end() && sessions_.size() >= kMaxSessions) session = {};
    if (found == sessions_.end()) found = sessions_.try_emplace(std::string(session)).first;
    found->second.add(loss);
}

Loss Losses::take(std::string_view session) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return Loss();
    const Loss loss = found->second;
    sessions_.erase(found);
    return loss;
}

EntryQueue::EntryQueue(std::size_t max_bytes) : max_bytes_(max_bytes), wake_at_(kNever) {}

EntryQueue::Pushed EntryQueue::push(Entry& entry) {
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (refuse_) {
            Loss loss;
            loss.add(entry.bytes());
            loss.write_error = true;
            losses_.add(entry.session(), loss);
            return Pushed::refused;
        }
        if (used_ > 0 && used_ + entry.bytes() > max_bytes_) {
            was_full_ = true;
            wake_up_.notify_one();
            return Pushed::full;
        }
        insert(std::move(entry));
        wake = queued_ >= wake_at_;
        if (wake) wake_at_ = kNever;
    }
    if (wake) wake_up_.notify_one();
    return Pushed::yes;
}

void EntryQueue::push_anyway(Entry entry) {
    {
        const std::lock_guard lock(mutex_);
        insert(std::move(entry));
    }
    wake_up_.notify_one();
}

void EntryQueue::insert(Entry&& entry) {
    entry.time = sdk::Clock::now();
    queued_ += entry.bytes();
    used_ += entry.bytes();
    entries_.push_back(std::move(entry));
}

void EntryQueue::lose(std::string_view session, std::uint64_t bytes) {
    Loss loss;
    loss.add(bytes);
    const std::lock_guard lock(mutex_);
    losses_.add(session, loss);
}

void EntryQueue::ask_stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_up_.notify_one();
}

bool EntryQueue::wants_writer() const noexcept { return stop_ || was_full_; }

void EntryQueue::wait(Work& work, sdk::TimePoint limit) {
    work.entries.clear();
    std::unique_lock lock(mutex_);
    wake_at_ = 1;
    wake_up_.wait_until(lock, limit, [this] { return wants_writer() || queued_ > 0; });
    wake_at_ = kEnough;
    wake_up_.wait_until(lock, std::min(gathered_ + kGather, limit),
                        [this] { return wants_writer() || queued_ == 0 || queued_ >= kEnough; });
    wake_at_ = kNever;
    gathered_ = sdk::Clock::now();
    work.entries.swap(entries_);
    work.bytes = std::exchange(queued_, 0);
    work.losses = std::exchange(losses_, Losses());
    work.stop = stop_;
    was_full_ = false;
}

void EntryQueue::release(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
    tell_room();
}

void EntryQueue::refuse(bool on) {
    const std::lock_guard lock(mutex_);
    refuse_ = on;
    tell_room();
}

// Whoever waits tries again; to be told too often does no harm.
void EntryQueue::tell_room() {
    for (const auto& [who, callback] : waiting_)
        callback();
}

void EntryQueue::on_room(const void* who, Callback callback) {
    const std::lock_guard lock(mutex_);
    waiting_[who] = std::move(callback);
}

void EntryQueue::forget(const void* who) {
    const std::lock_guard lock(mutex_);
    waiting_.erase(who);
}

}  // namespace shadowcat::tape
