// SPDX-License-Identifier: Apache-2.0
// Outbox: what the server said to a session by itself, until a stream takes it.
#pragma once

#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// A bounded queue with at most one reader, who comes and goes. Single-threaded.
class Outbox {
public:
    explicit Outbox(std::size_t capacity) : capacity_(capacity) {}

    bool reading() const noexcept { return reading_; }
    bool full() const noexcept { return waiting_.size() >= capacity_; }

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

    /// The reader's: the next message, or nothing once `stop` was called.
    sdk::awaitable<std::optional<sdk::Message>> pop() {
        while (waiting_.empty() && reading_)
            co_await arrival_.wait();
        if (!reading_) co_return std::nullopt;
        std::optional<sdk::Message> message(std::move(waiting_.front().first));
        waiting_.pop_front();
        room_.notify();
        co_return message;
    }

    void start() noexcept { reading_ = true; }

    /// Ends the reader; what is queued stays for the next one.
    void stop() {
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
    std::size_t capacity_;
    bool reading_ = false;
    std::deque<std::pair<sdk::Message, sdk::TimePoint>> waiting_;
    sdk::Wakeup arrival_, room_;
};

}  // namespace shadowcat::core
