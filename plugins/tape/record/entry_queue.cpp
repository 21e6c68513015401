// SPDX-License-Identifier: Apache-2.0
// The queue, its bound, and when to wake its reader.
#include "record/entry_queue.hpp"

#include <cstring>
#include <limits>
#include <utility>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kEnough = 256 * 1024;
constexpr auto kGather = std::chrono::milliseconds(20);

/// A block of its own for what is large, with all but when it was queued.
template <class Packable>
EntryBlock large_block(const Packable& entry) {
    if (entry.bytes() <= PackedEntries::kSmall) return EntryBlock();
    EntryBlock block(entry.bytes());
    entry.copy_text(block.memory.get() + sizeof(EntryFacts));
    return block;
}

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

EntryQueue::Pushed EntryQueue::push(const EntryParts& entry) { return push_packed(entry); }
EntryQueue::Pushed EntryQueue::push(const Entry& entry) { return push_packed(entry); }

template <class Packable>
EntryQueue::Pushed EntryQueue::push_packed(const Packable& entry) {
    EntryBlock large = large_block(entry);
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
        insert(entry, std::move(large));
        wake = queued_ >= wake_at_;
        if (wake) wake_at_ = kNever;
    }
    if (wake) wake_up_.notify_one();
    return Pushed::yes;
}

void EntryQueue::push_anyway(const EntryParts& entry) {
    {
        const std::lock_guard lock(mutex_);
        insert(entry, large_block(entry));
    }
    wake_up_.notify_one();
}

template <class Packable>
void EntryQueue::insert(const Packable& entry, EntryBlock large) {
    EntryFacts facts = entry;
    facts.time = sdk::Clock::now();
    const std::size_t bytes = entry.bytes();
    char* const to = large.memory ? large.memory.get() : entries_.make_room(bytes);
    std::memcpy(to, &facts, sizeof(facts));
    if (large.memory) {
        entries_.add(std::move(large));
    } else {
        entry.copy_text(to + sizeof(facts));
    }
    queued_ += bytes;
    used_ += bytes;
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
    work.entries.swap(entries_);  // with the memory that is free again
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
