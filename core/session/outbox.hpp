// SPDX-License-Identifier: Apache-2.0
// Outbox: what the server said to a session by itself, until a stream takes it.
#pragma once

#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <utility>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// A bounded queue with at most one reader, who comes and goes. Single-threaded.
class Outbox {
public:
    /// Who reads; a later reader takes the place of an earlier one.
    using Reader = unsigned;

    explicit Outbox(std::size_t capacity) : capacity_(capacity) {}

    bool reading() const noexcept { return reading_; }
    bool full() const noexcept { return waiting_.size() >= capacity_; }
    bool empty() const noexcept { return waiting_.empty(); }

    /// Queues `message`; the reader, if it waits, runs before this returns.
    void push(sdk::Message message, sdk::TimePoint now) {
        waiting_.emplace_back(std::move(message), now);
        arrival_.notify();
    }

    /// Waits until there is room; only sensible while `reading`.
    sdk::awaitable<> room() {
        while (full() && reading_)
            co_await room_.wait();
    }

    /// The reader's: the next message, or nothing once it was stopped or another took its place.
    sdk::awaitable<std::optional<sdk::Message>> pop(Reader reader) {
        while (waiting_.empty() && reads(reader))
            co_await arrival_.wait();
        if (!reads(reader)) co_return std::nullopt;
        std::optional<sdk::Message> message(std::move(waiting_.front().first));
        waiting_.pop_front();
        room_.notify();
        co_return message;
    }

    Reader start() {
        reading_ = true;
        ++reader_;
        arrival_.notify();
        return reader_;
    }

    /// Ends `reader`; what is queued stays for the next one.
    void stop(Reader reader) {
        if (!reads(reader)) return;
        reading_ = false;
        arrival_.notify();
        room_.notify();
    }

    /// Removes the oldest message if it was queued before `limit`.
    std::optional<sdk::Message> pop_older_than(sdk::TimePoint limit) {
        if (waiting_.empty() || waiting_.front().second >= limit) return std::nullopt;
        std::optional<sdk::Message> message(std::move(waiting_.front().first));
        waiting_.pop_front();
        return message;
    }

private:
    bool reads(Reader reader) const noexcept { return reading_ && reader == reader_; }

    std::size_t capacity_;
    Reader reader_ = 0;
    bool reading_ = false;
    std::list<std::pair<sdk::Message, sdk::TimePoint>> waiting_;  // empty: no memory
    sdk::Wakeup arrival_, room_;
};

}  // namespace shadowcat::core
