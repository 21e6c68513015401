// SPDX-License-Identifier: Apache-2.0
// EntryQueue: from all workers to the one thread that writes tapes.
#pragma once

#include "record/entry.hpp"
#include "record/packed_entries.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// What didn't get onto a tape.
class Loss {
public:
    Loss() = default;

    void add(std::uint64_t bytes_of_one) {
        ++dropped;
        bytes += bytes_of_one;
    }
    void add(const Loss& other) {
        dropped += other.dropped;
        bytes += other.bytes;
        write_error |= other.write_error;
    }

    std::uint64_t dropped = 0;
    std::uint64_t bytes = 0;
    bool write_error = false;  ///< nothing could be written then; else the queue was full
};

/// By the session's label; what is of no (or of one too many) session under "".
class Losses {
public:
    static constexpr std::size_t kMaxSessions = 1024;

    void add(std::string_view session, const Loss& loss);
    Loss take(std::string_view session);
    bool empty() const noexcept { return sessions_.empty(); }

    std::map<std::string, Loss, std::less<>> take_all() { return std::exchange(sessions_, {}); }

private:
    std::map<std::string, Loss, std::less<>> sessions_;
};

/// Bounded in bytes; in the order of all workers together. The one mutex is held for as long as it
/// takes to copy an entry of 8 KiB at most; longer ones are copied before, and then only pointers
/// move. The writer is woken by the first entry after a pause and then gathers (for 20 ms, or 256
/// KiB), so that a busy proxy seldom makes that call.
class EntryQueue {
public:
    explicit EntryQueue(std::size_t max_bytes);

    enum class Pushed : std::uint8_t {
        yes,
        full,    ///< no room
        refused  ///< nothing can be written at the moment; counted as lost
    };

    /// From any thread; copies. One that is larger than the whole queue has room when nothing else
    /// is there.
    Pushed push(const EntryParts& entry);
    Pushed push(const Entry& entry);

    /// From any thread: without a bound, for what comes once in a session.
    void push_anyway(const EntryParts& entry);

    /// From any thread: something was not pushed, for want of room.
    void lose(std::string_view session, std::uint64_t bytes);

    /// From any thread: the writer is to do what it does and end.
    void ask_stop();

    /// What the writer finds. `losses` came behind the entries.
    class Work {
    public:
        PackedEntries entries;
        std::size_t bytes = 0;
        Losses losses;
        bool stop = false;
    };

    /// The writer's: waits for something to do, until `limit` at most.
    void wait(Work& work, sdk::TimePoint limit);

    /// The writer's: the bytes of a `Work` are free again.
    void release(std::size_t bytes);

    /// The writer's: from now on pushes are refused, or not any more.
    void refuse(bool on);

    /// Calls `callback`, from the writer's thread and under the lock, when there is room after
    /// `push` gave `full`, or pushes are refused. Lives until `forget`.
    using Callback = std::function<void()>;
    void on_room(const void* who, Callback callback);
    void forget(const void* who);

private:
    bool wants_writer() const noexcept;
    template <class Packable>
    Pushed push_packed(const Packable& entry);
    template <class Packable>
    void insert(const Packable& entry, EntryBlock large);
    void tell_room();

    const std::size_t max_bytes_;
    std::mutex mutex_;
    std::condition_variable wake_up_;
    PackedEntries entries_;
    std::size_t queued_ = 0;  // bytes of `entries_`
    std::size_t used_ = 0;    // and of what the writer has at work
    std::size_t wake_at_;     // value of `queued_` at which the writer wants to be woken
    Losses losses_;
    std::map<const void*, Callback> waiting_;
    sdk::TimePoint gathered_{};
    bool was_full_ = false;
    bool refuse_ = false;
    bool stop_ = false;
};

}  // namespace shadowcat::tape
